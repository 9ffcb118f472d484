using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrimeSystem.Requests.Queue;

/// <summary>What is in the queue: that a batch of a request is to be done. All else is read from the database.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Batch">The number of the batch, from 0.</param>
public sealed record BatchMessage(
    [property: JsonPropertyName("request_id"), JsonRequired] Guid RequestId,
    [property: JsonPropertyName("batch"), JsonRequired] int Batch)
{
    /// <summary>The trace of the request (W3C trace context), where somebody records it; it travels beside the JSON.</summary>
    [JsonIgnore]
    public string? TraceParent { get; init; }

    /// <summary>The message of a batch.</summary>
    public static BatchMessage For(PrimeRequest request, int batch) => new(request.Id, batch) { TraceParent = request.TraceParent };

    /// <summary>The message as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BatchMessageJson.Default.BatchMessage);

    /// <summary>Reads a message; false for anything that is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out BatchMessage message)
    {
        try
        {
            message = JsonSerializer.Deserialize(json, BatchMessageJson.Default.BatchMessage)!;
            return message is { Batch: >= 0 };
        }
        catch (JsonException)
        {
            message = null!;
            return false;
        }
    }
}

[JsonSerializable(typeof(BatchMessage))]
internal sealed partial class BatchMessageJson : JsonSerializerContext;
