using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>The status of a request on the server.</summary>
internal sealed record RequestView(
    [property: JsonRequired] Guid RequestId, [property: JsonRequired] long Quantity, [property: JsonRequired] int Digits,
    [property: JsonRequired] long GeneratedCount, [property: JsonRequired] string Status, DateTimeOffset? CreatedAt = null, string? Failure = null)
{
    public const string Completed = "completed";

    /// <summary>Whether its status is final.</summary>
    public bool HasEnded => Status is Completed or "failed" or "cancelled";
}
