using System.Buffers;
using System.Text;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Results;

/// <summary>A representation of a result: it writes the start, each prime and the end.</summary>
internal sealed class ResultFormat
{
    public static readonly ResultFormat Json = new("json", "application/json")
    {
        Start = static request =>
            $$"""{"request_id":"{{request.Id}}","quantity":{{request.Quantity}},"generated_count":{{request.GeneratedCount}},"status":"{{request.Status.Name()}}","prime_numbers":[""",
        BeforePrime = static _ => "\"",
        AfterPrime = "\""u8.ToArray(),
        BetweenPrimes = ","u8.ToArray(),
        End = "]}",
    };

    public static readonly ResultFormat Text = new("txt", "text/plain");

    public static readonly ResultFormat Ndjson = new("ndjson", "application/x-ndjson")
    {
        BeforePrime = static position => $"{{\"position\":{position},\"prime\":\"",
        AfterPrime = "\"}\n"u8.ToArray(),
    };

    public static readonly ResultFormat Csv = new("csv", "text/csv")
    {
        Start = static _ => "position,prime\n",
        BeforePrime = static position => $"{position},",
    };

    /// <summary>All formats; the first is the contract's, and the default.</summary>
    public static readonly IReadOnlyList<ResultFormat> All = [Json, Text, Ndjson, Csv];

    private ResultFormat(string name, string mediaType) => (Name, MediaType) = (name, mediaType);

    public string Name { get; }

    public string MediaType { get; }

    private Func<PrimeRequest, string> Start { get; init; } = static _ => "";

    private Func<int, string> BeforePrime { get; init; } = static _ => "";

    private byte[] AfterPrime { get; init; } = "\n"u8.ToArray();

    private byte[] BetweenPrimes { get; init; } = [];

    private string End { get; init; } = "";

    /// <summary>The format that a client prefers; null when it accepts none.</summary>
    public static ResultFormat? For(HttpRequest request) =>
        request.PreferredMediaType(All.Select(format => format.MediaType)) is { } type ? All.First(format => format.MediaType == type) : null;

    public void WriteStart(IBufferWriter<byte> body, PrimeRequest request) => Write(body, Start(request));

    /// <summary>Writes one prime.</summary>
    /// <param name="body">Where to.</param>
    /// <param name="position">The position of the prime in the request.</param>
    /// <param name="isFirst">Whether it is the first prime of this answer.</param>
    /// <param name="digits">The prime as ASCII digits.</param>
    public void WritePrime(IBufferWriter<byte> body, int position, bool isFirst, ReadOnlySpan<byte> digits)
    {
        if (!isFirst)
            body.Write(BetweenPrimes);
        Write(body, BeforePrime(position));
        body.Write(digits);
        body.Write(AfterPrime);
    }

    public void WriteEnd(IBufferWriter<byte> body) => Write(body, End);

    private static void Write(IBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
