using System.Numerics;

namespace PrimeSystem.Tests.Primes;

/// <summary>Plain arithmetic to compare with: BigInteger, and Miller–Rabin with fixed bases written out.</summary>
internal static class Reference
{
    /// <summary>Up to so many digits the bases are known to leave no composite (Sorenson, Webster, "Strong pseudoprimes to twelve prime bases", 2017).</summary>
    public const int MaxProvenDigits = 24;

    private static readonly int[] Bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41];

    /// <summary>Below it the first six bases do (Jaeschke, "On strong pseudoprimes to several bases", 1993).</summary>
    private const long Psi6 = 3_474_749_660_383;

    public static bool IsPrime(BigInteger n)
    {
        if (n < 2)
            return false;
        foreach (int p in Bases)
            if (n % p == 0)
                return n == p;
        return Array.TrueForAll(n < Psi6 ? Bases[..6] : Bases, witness => IsStrongProbablePrime(n, witness));
    }

    public static bool IsStrongProbablePrime(BigInteger n, BigInteger witness)
    {
        BigInteger exponent = n - 1;
        int twos = (int)BigInteger.TrailingZeroCount(exponent);
        BigInteger power = BigInteger.ModPow(witness, exponent >> twos, n);
        if (power.IsOne)
            return true;
        for (int i = 0; i < twos; i++, power = power * power % n)
            if (power == n - 1)
                return true;
        return false;
    }

    public static BigInteger NextPrime(BigInteger n)
    {
        for (n |= 1; !IsPrime(n); n += 2)
        {
        }
        return n;
    }

    public static BigInteger Random(Random random, int bits)
    {
        var bytes = new byte[bits / 8 + 1];
        random.NextBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true) & ((BigInteger.One << bits) - 1);
    }
}
