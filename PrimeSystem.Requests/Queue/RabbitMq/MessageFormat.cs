using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// The format of a message in RabbitMQ: the batch as JSON in the body, and what is known of earlier deliveries in headers.
/// </summary>
internal static partial class MessageFormat
{
    private const string MayHaveRun = "x-primes-may-have-run";
    private const string Faults = "x-primes-faults";

    /// <summary>The lost deliveries of a message that was handed back without a try. The broker counts those of the new message from 0.</summary>
    private const string LostDeliveries = "x-primes-deliveries";

    private const string TraceParent = "traceparent";

    /// <summary>Headers in which quorum queues count earlier deliveries. Up to RabbitMQ 4.2 the first includes those that ended with a lost connection;
    /// later releases count them in the second only.</summary>
    private static readonly string[] DeliveryCounts = ["x-delivery-count", "x-acquired-count"];

    public static byte[] BodyOf(BatchMessage message) =>
        JsonSerializer.SerializeToUtf8Bytes(new Body(message.RequestId, message.Batch), BodyJson.Default.Body);

    public static BasicProperties PropertiesOf(BatchMessage message)
    {
        var headers = new Dictionary<string, object?>();
        if (message.MayHaveRun)
            headers[MayHaveRun] = true;
        if (message.Faults > 0)
            headers[Faults] = message.Faults;
        if (message.LostDeliveries > 0)
            headers[LostDeliveries] = message.LostDeliveries;
        if (message.TraceParent is { } traceParent)
            headers[TraceParent] = traceParent;
        return new BasicProperties { Persistent = true, ContentType = "application/json", Headers = headers.Count > 0 ? headers : null };
    }

    /// <summary>Reads a delivery; null if it is malformed.</summary>
    public static BatchMessage? Read(Lane lane, ReadOnlySpan<byte> body, bool redelivered, IDictionary<string, object?>? headers)
    {
        headers ??= new Dictionary<string, object?>();
        if (Parse(body) is not { Batch: >= 0 } batch)
            return null;
        return new BatchMessage(batch.RequestId, batch.Batch, lane)
        {
            TraceParent = headers.TryGetValue(TraceParent, out object? trace) && trace is byte[] text ? Encoding.ASCII.GetString(text) : null,
            MayHaveRun = redelivered || (headers.TryGetValue(MayHaveRun, out object? mayHaveRun) && mayHaveRun is true),
            Faults = (int)Number(headers, Faults),
            LostDeliveries = Number(headers, LostDeliveries) + DeliveryCounts.Max(header => Number(headers, header)),
        };
    }

    private static Body? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BodyJson.Default.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long Number(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out object? value) && value is int or long or short or byte ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    private sealed record Body(
        [property: JsonPropertyName("request_id"), JsonRequired] Guid RequestId,
        [property: JsonPropertyName("batch"), JsonRequired] int Batch);

    [JsonSerializable(typeof(Body))]
    private sealed partial class BodyJson : JsonSerializerContext;
}
