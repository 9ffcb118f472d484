using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Radix51;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Montgomery multiplication and squaring of four independent numbers for AVX2: product scanning, four columns at a time, like
/// <see cref="HybridKernel"/>, in radix 2⁵¹ with fused multiply-adds alone (<see cref="Radix51"/>).
/// </summary>
/// <remarks>
/// <para>Why it is fast: the inner step does four products with two loads and no store; the five columns, the window of y and the constants take 15 of
/// the 16 registers. The number of limbs is a multiple of four, so every block is alike.</para>
/// <para>Bounds: products of weight at most 3n meet in a column (2n of the square when it is doubled, n of the reduction), each with an L ≤ 2⁵⁰ there and
/// an H ≤ 2⁵¹ in the next; with the carry that is below (4.5n + 8)·2⁵¹ &lt; 2⁶³ for n ≤ <see cref="MaxLimbs"/>.</para>
/// </remarks>
internal static unsafe class Avx2Kernel
{
    public const int MaxLimbs = 896;

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the number goes: n vectors of doubles.</param>
    /// <param name="a">The number to square.</param>
    /// <param name="m">The moduli, one per lane, odd, and after them −1/m mod 2⁵¹.</param>
    /// <param name="n">Limbs, a multiple of four up to <see cref="MaxLimbs"/>.</param>
    /// <param name="q">Scratch for n quotient digits.</param>
    /// <param name="doubling">0 or 1 per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(Doubles* result, Doubles* a, Doubles* m, int n, Doubles* q, Words doubling)
    {
        Debug.Assert(n % 4 == 0 && n <= MaxLimbs);
        Doubles ho = HighOffset, lo = LowOffset;
        Words shift = doubling + Words.One, carry = Words.Zero;
        Doubles once = ToDouble(shift);   // 1 or 2: doubling + 1.
        for (int c = 0; c < 2 * n; c += 4)
        {
            Words c0 = Words.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            int half = c >> 1, i = 0;
            Doubles* x = a + half;
            if (c == 2 * n - 4)
            {
                MultiplyAdd(ref c0, ref c1, x[-1], x[1], ho, lo);
                MultiplyAdd(ref c1, ref c2, x[0], x[1], ho, lo);
            }
            else
            {
                if (c >= n)
                {
                    i = c - (n - 1);
                    Staircase(a + i, a + n - 1, ref c0, ref c1, ref c2, ref c3, ho, lo);
                    i += 3;
                }
                Accumulate(a + i, a + c - i, half - i, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
                MultiplyAdd(ref c1, ref c2, x[0], x[1], ho, lo);
                MultiplyAdd(ref c2, ref c3, x[0], x[2], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[0], x[3], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[1], x[2], ho, lo);
            }
            c0 = Avx2.ShiftLeftLogicalVariable(c0, shift);
            c1 = Avx2.ShiftLeftLogicalVariable(c1, shift);
            c2 = Avx2.ShiftLeftLogicalVariable(c2, shift);
            c3 = Avx2.ShiftLeftLogicalVariable(c3, shift);
            c4 = Avx2.ShiftLeftLogicalVariable(c4, shift);
            MultiplyAdd(ref c0, ref c1, x[0], x[0] * once, ho, lo);
            MultiplyAdd(ref c2, ref c3, x[1], x[1] * once, ho, lo);
            carry = Reduce(result, m, n, q, c, c0, c1, c2, c3, c4, carry, ho, lo);
        }
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Doubles* result, Doubles* a, Doubles* b, Doubles* m, int n, Doubles* q)
    {
        Debug.Assert(n % 4 == 0 && n <= MaxLimbs);
        Doubles ho = HighOffset, lo = LowOffset;
        Words carry = Words.Zero;
        for (int c = 0; c < 2 * n; c += 4)
        {
            Words c0 = Words.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            if (c < n)
            {
                Accumulate(a, b + c, c, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
                Doubles* x = a + c;
                MultiplyAdd(ref c0, ref c1, x[0], b[0], ho, lo);
                MultiplyAdd(ref c1, ref c2, x[0], b[1], ho, lo);
                MultiplyAdd(ref c1, ref c2, x[1], b[0], ho, lo);
                MultiplyAdd(ref c2, ref c3, x[0], b[2], ho, lo);
                MultiplyAdd(ref c2, ref c3, x[1], b[1], ho, lo);
                MultiplyAdd(ref c2, ref c3, x[2], b[0], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[0], b[3], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[1], b[2], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[2], b[1], ho, lo);
                MultiplyAdd(ref c3, ref c4, x[3], b[0], ho, lo);
            }
            else
            {
                int i = c - (n - 1);
                Staircase(a + i, b + n - 1, ref c0, ref c1, ref c2, ref c3, ho, lo);
                Accumulate(a + i + 3, b + n - 4, n - i - 3, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
            }
            carry = Reduce(result, m, n, q, c, c0, c1, c2, c3, c4, carry, ho, lo);
        }
    }

    /// <summary>Adds the reduction's products to four columns and ends them; returns the carry into the next block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Reduce(
        Doubles* result, Doubles* m, int n, Doubles* q, int c,
        Words c0, Words c1, Words c2, Words c3, Words c4, Words carry, Doubles ho, Doubles lo)
    {
        if (c < n)
        {
            Accumulate(q, m + c, c, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
            Doubles negativeInverse = m[n], m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3];
            Words rounding = Rounding(m0);
            c1 += Quotient(c0 + carry, m0, rounding, negativeInverse, ho, lo, out Doubles digit);
            q[c] = digit;
            MultiplyAdd(ref c1, ref c2, digit, m1, ho, lo);
            MultiplyAdd(ref c2, ref c3, digit, m2, ho, lo);
            MultiplyAdd(ref c3, ref c4, digit, m3, ho, lo);
            c2 += Quotient(c1, m0, rounding, negativeInverse, ho, lo, out digit);
            q[c + 1] = digit;
            MultiplyAdd(ref c2, ref c3, digit, m1, ho, lo);
            MultiplyAdd(ref c3, ref c4, digit, m2, ho, lo);
            c3 += Quotient(c2, m0, rounding, negativeInverse, ho, lo, out digit);
            q[c + 2] = digit;
            MultiplyAdd(ref c3, ref c4, digit, m1, ho, lo);
            c4 += Quotient(c3, m0, rounding, negativeInverse, ho, lo, out digit);
            q[c + 3] = digit;
            return c4;
        }
        int i = c - (n - 1);
        Staircase(q + i, m + n - 1, ref c0, ref c1, ref c2, ref c3, ho, lo);
        Accumulate(q + i + 3, m + n - 4, n - i - 3, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
        result += c - n;
        c0 += carry;
        result[0] = ToDouble(c0 & LimbMask);
        c1 += Carry(c0);
        result[1] = ToDouble(c1 & LimbMask);
        c2 += Carry(c1);
        result[2] = ToDouble(c2 & LimbMask);
        c3 += Carry(c2);
        result[3] = ToDouble(c3 & LimbMask);
        return c4 + Carry(c3);
    }

    /// <summary>Column w += Σ x[i] · y[w − i] for 0 ≤ i &lt; steps, w = 0 … 3; the high halves go one column further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(
        Doubles* x, Doubles* y, int steps, ref Words c0, ref Words c1, ref Words c2, ref Words c3, ref Words c4, Doubles ho, Doubles lo)
    {
        if (steps <= 0)
            return;
        Doubles y1 = y[1], y2 = y[2], y3 = y[3];
        Doubles* end = x + steps;
        do
        {
            Doubles a = *x, y0 = *y;
            // Step by step over all four, so that the compiler accumulates in place instead of copying.
            Doubles h3 = Fma.MultiplyAdd(a, y3, ho), h2 = Fma.MultiplyAdd(a, y2, ho), h1 = Fma.MultiplyAdd(a, y1, ho), h0 = Fma.MultiplyAdd(a, y0, ho);
            c4 += h3.AsUInt64();
            c3 += h2.AsUInt64();
            c2 += h1.AsUInt64();
            c1 += h0.AsUInt64();
            h3 = lo - h3;
            h2 = lo - h2;
            h1 = lo - h1;
            h0 = lo - h0;
            h3 = Fma.MultiplyAdd(a, y3, h3);
            h2 = Fma.MultiplyAdd(a, y2, h2);
            h1 = Fma.MultiplyAdd(a, y1, h1);
            h0 = Fma.MultiplyAdd(a, y0, h0);
            c3 += h3.AsUInt64();
            c2 += h2.AsUInt64();
            c1 += h1.AsUInt64();
            c0 += h0.AsUInt64();
            y3 = y2;
            y2 = y1;
            y1 = y0;
            x++;
            y--;
        }
        while (x < end);
        ulong low = (ulong)steps * LowBias, high = (ulong)steps * HighBias;
        Words both = Vector256.Create(low + high);
        c0 -= Vector256.Create(low);
        c1 -= both;
        c2 -= both;
        c3 -= both;
        c4 -= Vector256.Create(high);
    }

    /// <summary>The products of four columns whose rows begin one limb after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Staircase(
        Doubles* x, Doubles* top, ref Words c0, ref Words c1, ref Words c2, ref Words c3, Doubles ho, Doubles lo)
    {
        MultiplyAdd(ref c0, ref c1, x[0], top[0], ho, lo);
        MultiplyAdd(ref c1, ref c2, x[1], top[0], ho, lo);
        MultiplyAdd(ref c2, ref c3, x[2], top[0], ho, lo);
        MultiplyAdd(ref c0, ref c1, x[1], top[-1], ho, lo);
        MultiplyAdd(ref c1, ref c2, x[2], top[-1], ho, lo);
        MultiplyAdd(ref c0, ref c1, x[2], top[-2], ho, lo);
    }
}
