using System.Numerics;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// The strong Lucas test with Selfridge's parameters (Baillie, Wagstaff, "Lucas pseudoprimes", 1980, method A): together with a strong test to
/// base 2 it is the Baillie–PSW test, to which no composite counterexample is known and none exists below 2⁶⁴.
/// </summary>
internal static class StrongLucas
{
    /// <summary>Whether an odd n &gt; 3 that is not a square passes.</summary>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static bool Passes(BigInteger n, CancellationToken cancellationToken)
    {
        // The first D of 5, −7, 9, −11, … with (D/n) = −1; P = 1, Q = (1 − D)/4.
        int d = 5;
        while (true)
        {
            int jacobi = Jacobi(d, n);
            if (jacobi == -1)
                break;
            if (jacobi == 0 && BigInteger.Abs(d) < n)
                return false;
            d = d > 0 ? -(d + 2) : -(d - 2);
        }
        BigInteger q = (1 - d) / 4, index = n + 1;
        int twos = (int)BigInteger.TrailingZeroCount(index);
        index >>= twos;

        // (U, V, Qᵏ) from k = 1 upwards: double the index at every bit, add one where the bit is set.
        BigInteger u = 1, v = 1, qk = q;
        for (long bit = (long)index.GetBitLength() - 2; bit >= 0; bit--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            u = Mod(u * v, n);
            v = Mod(v * v - 2 * qk, n);
            qk = Mod(qk * qk, n);
            if ((index >> (int)bit).IsEven)
                continue;
            BigInteger next = Half(u + v, n);
            v = Half(d * u + v, n);
            u = next;
            qk = Mod(qk * q, n);
        }
        if (u.IsZero || v.IsZero)
            return true;
        for (int i = 1; i < twos; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            v = Mod(v * v - 2 * qk, n);
            if (v.IsZero)
                return true;
            qk = Mod(qk * qk, n);
        }
        return false;
    }

    /// <summary>Whether n is a perfect square, for which no D exists: by Newton's iteration from above.</summary>
    public static bool IsSquare(BigInteger n, CancellationToken cancellationToken)
    {
        // Squares are 0, 1, 4 or 9 modulo 16.
        if ((int)(n & 15) is not (0 or 1 or 4 or 9))
            return false;
        BigInteger root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BigInteger next = (root + n / root) >> 1;
            if (next >= root)
                return root * root == n;
            root = next;
        }
    }

    private static BigInteger Mod(BigInteger value, BigInteger n)
    {
        BigInteger remainder = value % n;
        return remainder.Sign < 0 ? remainder + n : remainder;
    }

    /// <summary>value / 2 mod n, n odd.</summary>
    private static BigInteger Half(BigInteger value, BigInteger n)
    {
        value = Mod(value, n);
        return (value.IsEven ? value : value + n) >> 1;
    }

    /// <summary>The Jacobi symbol (a/n) for a small odd a and an odd positive n: one division, then words.</summary>
    private static int Jacobi(int a, BigInteger n)
    {
        int sign = a < 0 && (int)(n & 3) == 3 ? -1 : 1;
        int top = Math.Abs(a);
        // Reciprocity: (top/n) = ±(n/top).
        if ((top & 3) == 3 && (int)(n & 3) == 3)
            sign = -sign;
        int bottom = top;
        top = (int)(n % bottom);
        while (top != 0)
        {
            while ((top & 1) == 0)
            {
                top >>= 1;
                if ((bottom & 7) is 3 or 5)
                    sign = -sign;
            }
            (top, bottom) = (bottom, top);
            if ((top & 3) == 3 && (bottom & 3) == 3)
                sign = -sign;
            top %= bottom;
        }
        return bottom == 1 ? sign : 0;
    }
}
