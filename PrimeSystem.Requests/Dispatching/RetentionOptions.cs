using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>How long requests are kept. Configuration section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>How long a completed request is kept, with its primes; forever when null.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan? Completed { get; set; }
}
