using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PrimeSystem.Api.Requests;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>An event of a stream, written once for all watchers that receive the same.</summary>
/// <param name="Type">snapshot, progress, primes or end.</param>
/// <param name="Position">How many primes the watcher has, those of this event included. A new stream can continue from here.</param>
/// <param name="Json">The event as JSON in UTF-8; <c>type</c> comes first.</param>
internal sealed record StreamEvent(string Type, int Position, byte[] Json)
{
    /// <summary>The id of the last event. It is no position, since the last primes have the same position and are not the end.</summary>
    public const string EndId = "end";

    // As in all answers of the Api. None of it is embedded in HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a client sends back to continue after this event.</summary>
    public string Id => Type == EndId ? EndId : Position.ToString(CultureInfo.InvariantCulture);

    /// <summary>The request as it is at the start of a stream.</summary>
    public static StreamEvent Snapshot(PrimeRequest request, int position) => Write("snapshot", position, json =>
    {
        WriteView(json, request);
        json.WriteNumber("position", position);
    });

    /// <summary>A change of the request.</summary>
    public static StreamEvent Progress(PrimeRequest request, int position) => Write("progress", position, json =>
    {
        json.WriteNumber("generated_count", request.GeneratedCount);
        json.WriteString("status", request.Status.Name());
        json.WriteNumber("progress_percentage", request.ProgressPercentage);
        json.WriteString("updated_at", request.UpdatedAt);
    });

    /// <summary>Consecutive primes.</summary>
    public static StreamEvent Primes(int first, IReadOnlyList<string> primes) => Write("primes", first + primes.Count, json =>
    {
        json.WriteNumber("first", first);
        json.WriteStartArray("prime_numbers");
        foreach (string prime in primes)
            json.WriteStringValue(prime);
        json.WriteEndArray();
    });

    /// <summary>The request has ended, and all its primes were sent.</summary>
    public static StreamEvent End(PrimeRequest request, int position) => Write("end", position, json => WriteView(json, request));

    private static void WriteView(Utf8JsonWriter json, PrimeRequest request)
    {
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(RequestView.Of(request), StreamJson.Default.RequestView).EnumerateObject())
            property.WriteTo(json);
    }

    private static StreamEvent Write(string type, int position, Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            content(json);
            json.WriteEndObject();
        }
        return new StreamEvent(type, position, buffer.ToArray());
    }
}
