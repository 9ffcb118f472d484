using System.Numerics;
using PrimeSystem.Primes.Arithmetic;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// Exact primality of one word: strong tests to the first twelve primes, which no composite below 3.18·10²³ passes
/// (Sorenson, Webster, "Strong pseudoprimes to twelve prime bases", 2015), in 64-bit Montgomery form.
/// </summary>
internal static class WordStrongTest
{
    private static ReadOnlySpan<byte> Bases => [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

    public static bool IsPrime(ulong n)
    {
        foreach (byte p in Bases)
            if (n % p == 0)
                return n == p;
        if (n < 37 * 37)
            return n > 1;
        ulong negativeInverse = NaturalNumber.NegativeInverse(n);
        ulong one = (ulong)((UInt128.One << 64) % n), minusOne = n - one;
        int twos = BitOperations.TrailingZeroCount(n - 1);
        ulong exponent = (n - 1) >> twos;
        foreach (byte witness in Bases)
        {
            ulong factor = (ulong)((UInt128)witness * one % n), x = one;
            for (int bit = 63 - BitOperations.LeadingZeroCount(exponent); bit >= 0; bit--)
            {
                x = Multiply(x, x, n, negativeInverse);
                if (((exponent >> bit) & 1) != 0)
                    x = Multiply(x, factor, n, negativeInverse);
            }
            bool passes = x == one || x == minusOne;
            for (int i = 1; i < twos && !passes; i++)
            {
                x = Multiply(x, x, n, negativeInverse);
                passes = x == minusOne;
            }
            if (!passes)
                return false;
        }
        return true;
    }

    /// <summary>a·b / 2⁶⁴ mod n, below n for a, b &lt; n &lt; 2⁶⁴.</summary>
    private static ulong Multiply(ulong a, ulong b, ulong n, ulong negativeInverse)
    {
        ulong low = a * b, high = WordArithmetic.High(a, b), quotient = low * negativeInverse;
        UInt128 sum = (UInt128)high + WordArithmetic.High(quotient, n) + (low != 0 ? 1UL : 0UL);
        return sum >= n ? (ulong)(sum - n) : (ulong)sum;
    }
}
