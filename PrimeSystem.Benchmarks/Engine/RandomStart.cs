using System.Numerics;
using System.Security.Cryptography;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>Uniformly random numbers of exactly so many digits, the starts of all peers that take one.</summary>
internal static class RandomStart
{
    public static BigInteger OfDigits(int digits)
    {
        BigInteger low = BigInteger.Pow(10, digits - 1), span = 9 * low;
        var bytes = new byte[span.GetByteCount() + 8];
        RandomNumberGenerator.Fill(bytes);
        return low + new BigInteger(bytes, isUnsigned: true) % span;
    }

    /// <summary>Bits of a number of so many digits, for peers that count in bits.</summary>
    public static int Bits(int digits) => (int)(5 * BigInteger.Pow(10, digits - 1)).GetBitLength();
}
