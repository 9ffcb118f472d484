using System.Text.Encodings.Web;
using System.Text.Json;
using PrimeSystem.Api.Requests;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>What a watcher is told, written once for all watchers that are told the same.</summary>
/// <param name="Type">snapshot, progress, primes or end.</param>
/// <param name="Position">How many primes the watcher has been told of, this event included: from here it can go on another time.</param>
/// <param name="Json">The event as JSON in UTF-8, <c>type</c> first.</param>
internal sealed record StreamEvent(string Type, int Position, byte[] Json)
{
    // As everywhere in the Api; nothing of it stands in HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the request stands as the watcher begins.</summary>
    public static StreamEvent Snapshot(PrimeRequest request, int position) => Write("snapshot", position, json =>
    {
        WriteView(json, request);
        json.WriteNumber("position", position);
    });

    /// <summary>Where the request stands now.</summary>
    public static StreamEvent Progress(PrimeRequest request, int position) => Write("progress", position, json =>
    {
        json.WriteNumber("generated_count", request.GeneratedCount);
        json.WriteString("status", request.Status.Name());
        json.WriteNumber("progress_percentage", request.ProgressPercentage);
        json.WriteString("updated_at", request.UpdatedAt);
    });

    /// <summary>Primes, by position.</summary>
    public static StreamEvent Primes(int first, IReadOnlyList<string> primes) => Write("primes", first + primes.Count, json =>
    {
        json.WriteNumber("first", first);
        json.WriteStartArray("prime_numbers");
        foreach (string prime in primes)
            json.WriteStringValue(prime);
        json.WriteEndArray();
    });

    /// <summary>The request has ended, and the watcher has been told of all its primes.</summary>
    public static StreamEvent End(PrimeRequest request, int position) => Write("end", position, json => WriteView(json, request));

    private static void WriteView(Utf8JsonWriter json, PrimeRequest request)
    {
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(RequestView.Of(request), ApiJson.Default.RequestView).EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
                property.WriteTo(json);
        }
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
