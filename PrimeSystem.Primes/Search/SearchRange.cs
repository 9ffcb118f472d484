using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The interval that primes are drawn from, [Low, High), all of one number of digits or bits, and the two constants of its sieve.
/// </summary>
/// <remarks>
/// At the sieve bound one more prime costs as much as the tests it saves. The measured curve is flat around it (docs/ENGINE.md).
/// A window spans about three times the mean gap ln(High), so that one start in twenty needs a second window.
/// </remarks>
internal sealed class SearchRange
{
    /// <summary>Sieve bounds by size: for AVX-512, and for the other kernels, whose slower tests are worth more sieving.</summary>
    private static readonly (int Bits, int Bound, int BoundOfOthers)[] Bounds =
    [
        (100, 200, 2_000), (140, 1_000, 2_000), (200, 2_000, 6_000), (300, 6_000, 20_000), (430, 20_000, 80_000), (540, 80_000, 80_000),
        (1_060, 500_000, 500_000), (2_100, 1_000_000, 1_000_000), (8_400, 3_000_000, 3_000_000),
        (int.MaxValue, SmallPrimes.MaxBound, SmallPrimes.MaxBound),
    ];

    private SearchRange(BigInteger low, BigInteger high)
    {
        Bits = (int)(high - 1).GetBitLength();
        int words = NaturalNumber.WordCount(Bits);
        Low = Words(low, words);
        High = Words(high, words);
        Span = Words(high - low, words);
        SpanBits = NaturalNumber.BitLength(Span);
        WindowOdds = Math.Max(64, (Bits + 63) / 64 * 64);
    }

    /// <summary>Bits of the largest number.</summary>
    public int Bits { get; }

    public ulong[] Low { get; }

    public ulong[] High { get; }

    /// <summary>High − Low.</summary>
    public ulong[] Span { get; }

    public int SpanBits { get; }

    /// <summary>Candidates with a prime factor below this are sieved out.</summary>
    public int SieveBound
    {
        get
        {
            (_, int bound, int boundOfOthers) = Array.Find(Bounds, bounds => Bits <= bounds.Bits);
            return KernelChoice.For(Bits) == Kernel.Avx512 ? bound : boundOfOthers;
        }
    }

    /// <summary>Odd numbers per window, a multiple of 64.</summary>
    public int WindowOdds { get; }

    public static SearchRange OfDigits(int digits) =>
        new(digits == 1 ? 2 : BigInteger.Pow(10, digits - 1), BigInteger.Pow(10, digits));

    public static SearchRange OfBits(int bits) => new(BigInteger.One << (bits - 1), BigInteger.One << bits);

    private static ulong[] Words(BigInteger value, int count)
    {
        var words = new ulong[count];
        NaturalNumber.FromBigInteger(value, words);
        return words;
    }
}
