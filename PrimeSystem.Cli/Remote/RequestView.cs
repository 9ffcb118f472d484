using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>Where a request stands, as the service tells it.</summary>
internal sealed record RequestView(
    [property: JsonRequired] long Quantity, [property: JsonRequired] int Digits, [property: JsonRequired] long GeneratedCount,
    [property: JsonRequired] string Status, string? Failure = null)
{
    public const string Completed = "completed";

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool HasEnded => Status is Completed or "failed" or "cancelled";
}
