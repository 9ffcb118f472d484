using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>Orders that are sent again. Configuration section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    public const string Section = "Idempotency";

    /// <summary>How long a key is kept at least.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);
}
