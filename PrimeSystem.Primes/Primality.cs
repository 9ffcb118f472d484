using System.Numerics;

namespace PrimeSystem.Primes;

/// <summary>Tests of primality.</summary>
public static class Primality
{
    /// <summary>Miller–Rabin rounds when nothing else is said: a composite passes with probability below 4⁻⁴⁰ = 2⁻⁸⁰, whoever chose it.</summary>
    public const int DefaultRounds = 40;

    /// <summary>The first twelve primes: as bases of the strong test they are exact below 3.3·10²⁴ (Sorenson, Webster 2015).</summary>
    private static readonly int[] ExactBases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

    /// <summary>Whether <see cref="IsProbablePrime"/> is exact for <paramref name="n"/>: it is below 2⁶⁴.</summary>
    public static bool IsExact(BigInteger n) => n <= ulong.MaxValue;

    /// <summary>
    /// Whether <paramref name="n"/> is prime: exact below 2⁶⁴, else Miller–Rabin with random bases (Rabin 1980), which never rejects a prime and
    /// accepts a composite with probability below 4⁻ʳ.
    /// </summary>
    /// <param name="n">Any integer; below 2 the answer is <see langword="false"/>.</param>
    /// <param name="rounds">Random bases for n ≥ 2⁶⁴, at least 1.</param>
    /// <param name="cancellationToken">Cancels the test between rounds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rounds"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static bool IsProbablePrime(BigInteger n, int rounds = DefaultRounds, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        if (n < 2)
            return false;
        foreach (int p in ExactBases)
            if (n % p == 0)
                return n == p;
        if (IsExact(n))
        {
            foreach (int witness in ExactBases)
                if (!IsStrongProbablePrime(n, witness, cancellationToken))
                    return false;
            return true;
        }
        for (int round = 0; round < rounds; round++)
            if (!IsStrongProbablePrime(n, RandomInteger.Between(2, n - 1), cancellationToken))
                return false;
        return true;
    }

    /// <summary>Whether odd <paramref name="n"/> &gt; 2 is a strong probable prime to base <paramref name="witness"/>.</summary>
    internal static bool IsStrongProbablePrime(BigInteger n, BigInteger witness, CancellationToken cancellationToken)
    {
        if (n == 2)
            return true;
        BigInteger nMinusOne = n - BigInteger.One;
        int twos = (int)BigInteger.TrailingZeroCount(nMinusOne);
        cancellationToken.ThrowIfCancellationRequested();
        BigInteger power = BigInteger.ModPow(witness, nMinusOne >> twos, n);
        if (power.IsOne || power == nMinusOne)
            return true;
        for (int i = 1; i < twos; i++)
        {
            power = BigInteger.ModPow(power, 2, n);
            if (power == nMinusOne)
                return true;
        }
        return false;
    }
}
