using System.Numerics;
using System.Security.Cryptography;

namespace PrimeSystem.Primes;

/// <summary>Uniformly random integers from the system's cryptographic generator.</summary>
internal static class RandomInteger
{
    /// <summary>A uniform integer with <paramref name="low"/> ≤ n &lt; <paramref name="high"/>, by rejection.</summary>
    public static BigInteger Between(BigInteger low, BigInteger high)
    {
        BigInteger span = high - low;
        int bits = (int)(span - BigInteger.One).GetBitLength();
        var bytes = new byte[bits / 8 + 1];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            bytes[^1] &= (byte)((1 << (bits % 8)) - 1);
            var offset = new BigInteger(bytes, isUnsigned: true);
            if (offset < span)
                return low + offset;
        }
    }
}
