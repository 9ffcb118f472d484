using System.Numerics;

namespace PrimeSystem.Cli.Local;

/// <summary>
/// Sees to it that no prime is given twice. Random primes of 12 digits repeat among a million; of 300 digits they never do, and nothing is remembered.
/// </summary>
internal sealed class DistinctPrimes(PrimeSize size, long quantity)
{
    /// <summary>Most primes that are remembered, 2 to 4 GB of them.</summary>
    public const int MostRemembered = 100_000_000;

    /// <summary>A repetition less likely than this, the error bound of the primality test, is none.</summary>
    private const double NegligibleLog2 = -80;

    // The lowest 64 bits are enough: a new prime that shares them with another is passed over, and that is all.
    private readonly HashSet<ulong>? _known = MustRemember(size, quantity) ? [] : null;

    /// <summary>Whether a quantity of random primes of a size could repeat one: n²/2 pairs, each twice as likely as for a uniform choice, since what stands
    /// behind a wide gap is drawn more often.</summary>
    public static bool MustRemember(PrimeSize size, long quantity) => 2 * Math.Log2(quantity) - size.Log2Count > NegligibleLog2;

    /// <summary>Whether a prime was not given before.</summary>
    public bool Add(BigInteger prime) => _known is null || _known.Add((ulong)(prime & ulong.MaxValue));
}
