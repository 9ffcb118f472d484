using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Accepting;

/// <summary>The limits of a request. Configuration section <c>Limits</c>.</summary>
public sealed class RequestLimits
{
    public const string Section = "Limits";

    /// <summary>The fewest decimal digits of a prime. With fewer, a request could ask for more distinct primes than there are.</summary>
    public const int MinDigits = 12;

    /// <summary>The most decimal digits of a prime.</summary>
    [Range(MinDigits, 1_000_000)]
    public int MaxDigits { get; set; } = 10_000;

    /// <summary>The most primes in one request.</summary>
    [Range(1, 100_000_000)]
    public int MaxQuantity { get; set; } = 1_000_000;

    /// <summary>The most work in one request: core time by the reference cost, which is the same on every machine.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan MaxWork { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The most numbers in one call of <c>verify</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxVerifyNumbers { get; set; } = 1_000;

    /// <summary>The most digits in one call of <c>verify</c>, over all numbers.</summary>
    [Range(1, 100_000_000)]
    public int MaxVerifyDigits { get; set; } = 20_000;
}
