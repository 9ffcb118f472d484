using System.Numerics;

namespace PrimeSystem.Cli.Local;

/// <summary>
/// Filters repeated primes. Among a million random primes of 12 digits some repeat. Of 300 digits none ever does, so nothing is remembered.
/// </summary>
internal sealed class DistinctPrimes(PrimeSize size, long quantity)
{
    /// <summary>The most primes that are remembered; they take 2 to 4 GB.</summary>
    public const int MaxRemembered = 100_000_000;

    /// <summary>A repetition with a smaller probability, the error bound of the primality test, is neglected.</summary>
    private const double NegligibleLog2 = -80;

    // The lowest 64 bits suffice: at worst a new prime is skipped because another has the same ones.
    private readonly HashSet<ulong>? _known = MustRemember(size, quantity) ? [] : null;

    /// <summary>Whether random primes of a size could repeat: there are n²/2 pairs, each equal with twice the probability of a uniform choice, since a prime
    /// after a wide gap is chosen more often.</summary>
    public static bool MustRemember(PrimeSize size, long quantity) => 2 * Math.Log2(quantity) - size.Log2Count > NegligibleLog2;

    /// <summary>Adds a prime.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(BigInteger prime) => _known is null || _known.Add((ulong)(prime & ulong.MaxValue));
}
