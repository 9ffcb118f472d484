using System.Globalization;
using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Search;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes;

/// <summary>Tests of primality. All methods may be called from any number of threads.</summary>
public static class Primality
{
    /// <summary>The default number of Miller–Rabin rounds: a composite passes with probability below 4⁻⁴⁰ = 2⁻⁸⁰, whoever chose it.</summary>
    public const int DefaultRounds = 40;

    /// <summary>Numbers are divided by the primes below this before anything else.</summary>
    private const int TrialBound = 1_000;

    private static readonly UInt128 Psi13 = UInt128.Parse("3317044064679887385961981", CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether <see cref="IsProbablePrime"/> is exact for <paramref name="n"/>: it is below ψ₁₃ = 3,317,044,064,679,887,385,961,981 ≈ 3.3·10²⁴, the smallest
    /// composite that passes the strong test to the first 13 primes (Sorenson, Webster 2017). So every prime of up to 24 digits is proven.
    /// </summary>
    /// <param name="n">Any integer.</param>
    public static bool IsExact(BigInteger n) => n < Psi13;

    /// <summary>Whether <paramref name="n"/> is prime. No probability is involved.</summary>
    /// <param name="n">Any number below 2⁶⁴.</param>
    public static bool IsPrime(ulong n) => WordStrongTest.IsPrime(n);

    /// <summary>
    /// Whether <paramref name="n"/> is prime: exact where <see cref="IsExact"/> says so, else the Miller–Rabin test with random bases (Rabin 1980). It never rejects a prime and
    /// accepts a composite with probability below 4⁻ʳ, whoever chose it.
    /// </summary>
    /// <param name="n">Any integer; below 2 the answer is <see langword="false"/>.</param>
    /// <param name="rounds">Random bases where the test is not exact, at least 1. Vectors are filled, so a few more bases may be tested.</param>
    /// <param name="cancellationToken">Cancels the test, within 100 ms even at 10,000 digits.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rounds"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static bool IsProbablePrime(BigInteger n, int rounds = DefaultRounds, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        if (n.Sign <= 0)
            return false;
        if (n <= ulong.MaxValue)
            return IsPrime((ulong)n);
        return !HasSmallFactor(n, cancellationToken)
            && (IsExact(n) ? PassesFirstPrimes(n, cancellationToken) : PassesMillerRabin(n, rounds, cancellationToken));
    }

    /// <summary>
    /// The Baillie–PSW test: a strong test to base 2 and a strong Lucas test (Baillie, Wagstaff 1980). Exact below 2⁶⁴; no composite of any size
    /// is known to pass, but infinitely many are believed to exist. Prefer <see cref="IsProbablePrime"/> for numbers that others chose.
    /// </summary>
    /// <param name="n">Any integer; below 2 the answer is <see langword="false"/>.</param>
    /// <param name="cancellationToken">Cancels the test, within 100 ms even at 10,000 digits.</param>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static bool IsBailliePswPrime(BigInteger n, CancellationToken cancellationToken = default)
    {
        if (n.Sign <= 0)
            return false;
        if (n < TrialBound * TrialBound)
            return IsPrime((ulong)n);
        if (HasSmallFactor(n, cancellationToken))
            return false;
        int bits = (int)n.GetBitLength();
        using var strong = new StrongTest(bits);
        return strong.Test(n, 2, cancellationToken)
            && !StrongLucas.IsSquare(n, cancellationToken)
            && StrongLucas.Passes(n, cancellationToken);
    }

    private static bool PassesFirstPrimes(BigInteger n, CancellationToken cancellationToken)
    {
        using var strong = new StrongTest((int)n.GetBitLength());
        foreach (byte prime in ProvenTest.BasesBelow(Psi13))
        {
            if (!strong.Test(n, prime, cancellationToken))
                return false;
        }
        return true;
    }

    private static bool PassesMillerRabin(BigInteger n, int rounds, CancellationToken cancellationToken)
    {
        int bits = (int)n.GetBitLength();
        var words = new ulong[NaturalNumber.WordCount(bits)];
        NaturalNumber.FromBigInteger(n, words);
        using var random = new RandomSource();
        using var test = new MillerRabin(bits, random);
        return test.Test(words, rounds, cancellationToken);
    }

    /// <summary>Whether n, above all of them, has a prime factor below <see cref="TrialBound"/>.</summary>
    private static bool HasSmallFactor(BigInteger n, CancellationToken cancellationToken)
    {
        if (n.IsEven)
            return true;
        foreach (int p in SmallPrimes.Below(TrialBound))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((n % p).IsZero)
                return true;
        }
        return false;
    }
}
