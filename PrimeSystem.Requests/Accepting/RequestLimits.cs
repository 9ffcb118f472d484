using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Accepting;

/// <summary>What may be asked for. Configuration section <c>Limits</c>.</summary>
public sealed class RequestLimits
{
    public const string Section = "Limits";

    /// <summary>Fewest decimal digits: below it, distinct primes run out.</summary>
    public const int MinDigits = 12;

    /// <summary>Most decimal digits of a prime.</summary>
    [Range(MinDigits, 1_000_000)]
    public int MaxDigits { get; set; } = 10_000;

    /// <summary>Most primes in one request.</summary>
    [Range(1, 100_000_000)]
    public int MaxQuantity { get; set; } = 1_000_000;

    /// <summary>Most work in one request: core-time by the fixed reference cost, the same on every machine.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan MaxWork { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most numbers in one call of <c>verify</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxVerifyNumbers { get; set; } = 1_000;

    /// <summary>Most digits of all the numbers in one call of <c>verify</c> together.</summary>
    [Range(1, 100_000_000)]
    public int MaxVerifyDigits { get; set; } = 20_000;
}
