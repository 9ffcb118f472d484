using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Avx2.Radix51;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>
/// Montgomery multiplication and squaring of four independent numbers for AVX2: product scanning, four columns at a time, like
/// <c>Avx512Kernel</c>, in radix 2⁵¹ with fused multiply-adds alone (<see cref="Radix51"/>).
/// </summary>
/// <remarks>
/// <para>Why it is fast: the inner step does four products with two loads and no store; the five columns, the window of y and the constants take 15 of
/// the 16 registers. R has a multiple of four limbs, so every block is alike. Most of the limbs that only R has, which are zero, are skipped.</para>
/// <para>Bounds: products of weight at most 3n meet in a column (2n of the square when it is doubled, n of the reduction), each with an L ≤ 2⁵⁰ there and
/// an H ≤ 2⁵¹ in the next; with the carry that is below (4.5n + 8)·2⁵¹ &lt; 2⁶³ for n ≤ <see cref="MaxLimbs"/>.</para>
/// </remarks>
internal static unsafe class Avx2Kernel
{
    public const int MaxLimbs = 896;

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the number goes: n vectors of doubles.</param>
    /// <param name="a">The number to square.</param>
    /// <param name="m">The moduli, one per lane, odd, and after them <see cref="SetQuotientConstants"/>.</param>
    /// <param name="n">Limbs, up to <see cref="MaxLimbs"/>; zeros fill them up to a multiple of four, and R has as many.</param>
    /// <param name="q">Scratch for as many quotient digits.</param>
    /// <param name="doubling">0 or 1 per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(Doubles* result, Doubles* a, Doubles* m, int n, Doubles* q, Words doubling)
    {
        Debug.Assert(n <= MaxLimbs);
        int padded = (n + 3) & ~3;
        Doubles ho = HighOffset, lo = LowOffset;
        Words shift = doubling + Words.One, carry = Words.Zero;
        Doubles once = ToDouble(shift);
        for (int c = 0; c < 2 * padded; c += 4)
        {
            Words c0 = Words.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            int half = c >> 1, last = LastLimb(c, n, padded);
            Doubles* x = a + half;
            if (c == 2 * padded - 4)
            {
                MultiplyAdd(ref c0, ref c1, x[-1], x[1], ho, lo);
                MultiplyAdd(ref c1, ref c2, x[0], x[1], ho, lo);
            }
            else
            {
                Bias bias = Bias.OfMiddle;
                int rows = half;
                if (c >= last)
                {
                    int first = c - last;
                    Staircase(a + first, a + last, ref c0, ref c1, ref c2, ref c3, ho, lo);
                    bias += Bias.OfStaircase;
                    rows -= first + 3;
                }
                Accumulate(x - rows, a + c - half + rows, rows, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
                MultiplyAddBiased(ref c1, ref c2, x[0], x[1], ho, lo);
                MultiplyAddBiased(ref c2, ref c3, x[0], x[2], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[0], x[3], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[1], x[2], ho, lo);
                bias.Remove(rows, ref c0, ref c1, ref c2, ref c3, ref c4);
            }
            c0 = ShiftLeft(c0, shift);
            c1 = ShiftLeft(c1, shift);
            c2 = ShiftLeft(c2, shift);
            c3 = ShiftLeft(c3, shift);
            c4 = ShiftLeft(c4, shift);
            MultiplyAddBiased(ref c0, ref c1, x[0], x[0] * once, ho, lo);
            MultiplyAddBiased(ref c2, ref c3, x[1], x[1] * once, ho, lo);
            carry = Reduce(result, m, n, padded, q, c, 0, Bias.OfSquares, c0, c1, c2, c3, c4, carry, ho, lo);
        }
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Doubles* result, Doubles* a, Doubles* b, Doubles* m, int n, Doubles* q)
    {
        Debug.Assert(n <= MaxLimbs);
        int padded = (n + 3) & ~3;
        Doubles ho = HighOffset, lo = LowOffset;
        Words carry = Words.Zero;
        for (int c = 0; c < 2 * padded; c += 4)
        {
            Words c0 = Words.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            int last = LastLimb(c, n, padded), rows = c;
            Bias bias = Bias.OfTriangle;
            if (c < last)
            {
                Accumulate(a, b + c, rows, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
                Doubles* x = a + c;
                MultiplyAddBiased(ref c0, ref c1, x[0], b[0], ho, lo);
                MultiplyAddBiased(ref c1, ref c2, x[0], b[1], ho, lo);
                MultiplyAddBiased(ref c1, ref c2, x[1], b[0], ho, lo);
                MultiplyAddBiased(ref c2, ref c3, x[0], b[2], ho, lo);
                MultiplyAddBiased(ref c2, ref c3, x[1], b[1], ho, lo);
                MultiplyAddBiased(ref c2, ref c3, x[2], b[0], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[0], b[3], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[1], b[2], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[2], b[1], ho, lo);
                MultiplyAddBiased(ref c3, ref c4, x[3], b[0], ho, lo);
            }
            else
            {
                int first = c - last;
                Staircase(a + first, b + last, ref c0, ref c1, ref c2, ref c3, ho, lo);
                bias = Bias.OfStaircase;
                rows = last - first - 2;
                Accumulate(a + first + 3, b + last - 3, rows, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
            }
            carry = Reduce(result, m, n, padded, q, c, rows, bias, c0, c1, c2, c3, c4, carry, ho, lo);
        }
    }

    /// <summary>
    /// Adds the reduction's products to four columns, removes the bias of these and what the columns already have, and ends them; returns the carry into the next block.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Reduce(
        Doubles* result, Doubles* m, int n, int padded, Doubles* q, int c, int rows, Bias bias,
        Words c0, Words c1, Words c2, Words c3, Words c4, Words carry, Doubles ho, Doubles lo)
    {
        if (c < padded)
        {
            Accumulate(q, m + c, c, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
            bias += Bias.OfQuotients;
            bias.Remove(rows + c, ref c0, ref c1, ref c2, ref c3, ref c4);
            Doubles m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3];
            c1 += Quotient(c0 + carry, m0, m + padded, out Doubles digit);
            q[c] = digit;
            MultiplyAddBiased(ref c1, ref c2, digit, m1, ho, lo);
            MultiplyAddBiased(ref c2, ref c3, digit, m2, ho, lo);
            MultiplyAddBiased(ref c3, ref c4, digit, m3, ho, lo);
            c2 += Quotient(c1, m0, m + padded, out digit);
            q[c + 1] = digit;
            MultiplyAddBiased(ref c2, ref c3, digit, m1, ho, lo);
            MultiplyAddBiased(ref c3, ref c4, digit, m2, ho, lo);
            c3 += Quotient(c2, m0, m + padded, out digit);
            q[c + 2] = digit;
            MultiplyAddBiased(ref c3, ref c4, digit, m1, ho, lo);
            c4 += Quotient(c3, m0, m + padded, out digit);
            q[c + 3] = digit;
            return c4;
        }
        int last = LastLimb(c, n, padded), first = c - last, more = padded - first - 3;
        Staircase(q + first, m + last, ref c0, ref c1, ref c2, ref c3, ho, lo);
        Accumulate(q + first + 3, m + last - 3, more, ref c0, ref c1, ref c2, ref c3, ref c4, ho, lo);
        bias += Bias.OfStaircase;
        bias.Remove(rows + more, ref c0, ref c1, ref c2, ref c3, ref c4);
        result += c - padded;
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

    /// <summary>The last limb that columns c to c + 3 use: the last that can be non-zero, except where few rows are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastLimb(int c, int n, int padded) => c <= 2 * n - 8 ? n - 1 : padded - 1;

    /// <summary>Column w += Σ x[i] · y[w − i] for 0 ≤ i &lt; steps, w = 0 … 3; the high halves go one column further. All with their bias.</summary>
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
    }

    /// <summary>The products of four columns whose rows begin one limb after another, with their bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Staircase(
        Doubles* x, Doubles* top, ref Words c0, ref Words c1, ref Words c2, ref Words c3, Doubles ho, Doubles lo)
    {
        MultiplyAddBiased(ref c0, ref c1, x[0], top[0], ho, lo);
        MultiplyAddBiased(ref c1, ref c2, x[1], top[0], ho, lo);
        MultiplyAddBiased(ref c2, ref c3, x[2], top[0], ho, lo);
        MultiplyAddBiased(ref c0, ref c1, x[1], top[-1], ho, lo);
        MultiplyAddBiased(ref c1, ref c2, x[2], top[-1], ho, lo);
        MultiplyAddBiased(ref c0, ref c1, x[2], top[-2], ho, lo);
    }

    /// <summary>The bias (<see cref="Radix51"/>) that the products of a block add to each column, without those of rows that span all columns.</summary>
    private readonly record struct Bias(ulong C0, ulong C1, ulong C2, ulong C3, ulong C4)
    {
        public static Bias OfMiddle => Of(0, 1, 1, 2);

        public static Bias OfSquares => Of(1, 0, 1, 0);

        public static Bias OfTriangle => Of(1, 2, 3, 4);

        public static Bias OfQuotients => Of(0, 1, 2, 3);

        public static Bias OfStaircase => Of(3, 2, 1, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Bias operator +(Bias x, Bias y) => new(x.C0 + y.C0, x.C1 + y.C1, x.C2 + y.C2, x.C3 + y.C3, x.C4 + y.C4);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Remove(int rows, ref Words c0, ref Words c1, ref Words c2, ref Words c3, ref Words c4)
        {
            Debug.Assert(rows >= 0);
            ulong low = (ulong)rows * LowBias, high = (ulong)rows * HighBias;
            c0 -= Vector256.Create(low + C0);
            c1 -= Vector256.Create(low + high + C1);
            c2 -= Vector256.Create(low + high + C2);
            c3 -= Vector256.Create(low + high + C3);
            c4 -= Vector256.Create(high + C4);
        }

        /// <summary>The bias of so many products in the columns that their low halves are in.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Bias Of(ulong c0, ulong c1, ulong c2, ulong c3) => new(
            c0 * LowBias, c1 * LowBias + c0 * HighBias, c2 * LowBias + c1 * HighBias, c3 * LowBias + c2 * HighBias, c3 * HighBias);
    }
}
