using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Avx512.Avx512Columns;
using static PrimeSystem.Primes.Arithmetic.Avx512.Radix52;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// Montgomery multiplication and squaring of eight independent numbers of six limbs or more (used above ten): product scanning with the reduction in the same pass
/// (the FIPS method of Koç, Acar and Kaliski, "Analyzing and comparing Montgomery multiplication algorithms", 1996), four columns at a time.
/// </summary>
/// <remarks>
/// <para>Why it is fast: the inner step does four products with eight multiplier operations, four additions, two to three loads and no store. Only the
/// multiplier ports limit it: two cycles per product of eight lanes where 512-bit multiplications issue one per cycle.</para>
/// <para>The n columns of each half are cut into blocks of four, and of three for what is left (6 = 3 + 3, 7 = 4 + 3, 9 = 3 + 3 + 3, …).</para>
/// <para>Weights (see <see cref="Radix52"/>): a column collects off-diagonal products with weight up to 4 (two for the symmetry, two for the doubling),
/// ⌊n/2⌋ of them, at most one diagonal with weight 2, and n products of the reduction: at most 3n, so up to 20 limbs one accumulator holds a whole
/// column. Above that the accumulators are emptied every <see cref="ChunkSteps"/> steps: between two emptyings there are at most 2 corner products
/// (weight 8), a diagonal (2), a staircase (3), a chunk (40) and the quotient digits (4): 57.</para>
/// <para>The carry out of a block is below 3n·2⁵² plus a few units, hence <see cref="MaxLimbs"/>; the next block adds it split into limb and rest.</para>
/// </remarks>
internal static unsafe class Avx512Kernel
{
    public const int MinLimbs = 6;
    public const int MaxLimbs = 680;

    private const int LongLimbs = 21;
    private const int ChunkSteps = 40;

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + m ≤ 3m. In place is allowed.</summary>
    /// <param name="result">Where the number goes.</param>
    /// <param name="a">The number to square.</param>
    /// <param name="m">The moduli, one per lane, odd: as in <see cref="Avx512ShortKernel"/>.</param>
    /// <param name="n">Limbs, from <see cref="MinLimbs"/> to <see cref="MaxLimbs"/>.</param>
    /// <param name="q">Scratch for n quotient digits.</param>
    /// <param name="doubling">0 or 1 per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(Words* result, Words* a, Words* m, int n, Words* q, Words doubling)
    {
        Debug.Assert(n is >= MinLimbs and <= MaxLimbs);
        Debug.Assert(n >= LongLimbs || 3 * n <= MaxWeight);
        int threes = -n & 3, afterFours = n - 3 * threes;
        bool isLong = n >= LongLimbs;
        Doubles offset = Offset;
        Words shift = doubling + Words.One;
        Doubles once = ToDouble(doubling) + Vector512.Create(1.0), twice = once + once, offsetBack = offset - offset * twice;
        Words blockCarry = Words.Zero;

        for (int c = 0, width; c < 2 * n; c += width)
        {
            bool isLower = c < n;
            width = (isLower ? c < afterFours : c >= n + 3 * threes) ? 4 : 3;
            int first = isLower ? 0 : c - (n - 1), half = (c + 1) >> 1;
            bool isTop = c + width == 2 * n, isOdd = (c & 1) != 0;
            Words* x = a + half;
            Words l0 = Words.Zero, l1 = l0, l2 = l0, l3 = l0, carry = l0;
            Doubles h0 = offset, h1 = offset, h2 = offset, h3 = offset;
            if (width == 4)
            {
                if (isTop)
                {
                    // Columns 2n−4 … 2n−1: (n−3, n−1), (n−2, n−1) and the diagonals of n−2 and n−1; half is n−2.
                    MultiplyAddAt(x - 1, x + 1, 0, false, ref l0, ref h0);
                    MultiplyAddAt(x, x + 1, 0, false, ref l1, ref h1);
                }
                else
                {
                    int i = first;
                    if (!isLower)
                    {
                        Staircase4(a + i, a + n - 1, 0, false, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                        i += 3;
                    }
                    for (; isLong && half - i > ChunkSteps; i += ChunkSteps)
                    {
                        Accumulate4(a + i, a + c - i, 0, false, ChunkSteps, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
                        Carry4(ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3, ref carry);
                    }
                    Accumulate4(a + i, a + c - i, 0, false, half - i, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
                    if (isLong)
                        Carry4(ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3, ref carry);
                    if (isOdd)
                    {
                        MultiplyAdd(ref l2, ref h2, x[0], ToDouble(x[0]), x[1], ToDouble(x[1]));
                        MultiplyAdd(ref l3, ref h3, x[0], ToDouble(x[0]), x[2], ToDouble(x[2]));
                    }
                    else
                    {
                        MultiplyAdd(ref l1, ref h1, x[0], ToDouble(x[0]), x[1], ToDouble(x[1]));
                        MultiplyAdd(ref l2, ref h2, x[0], ToDouble(x[0]), x[2], ToDouble(x[2]));
                        MultiplyAdd(ref l3, ref h3, x[0], ToDouble(x[0]), x[3], ToDouble(x[3]));
                        MultiplyAdd(ref l3, ref h3, x[1], ToDouble(x[1]), x[2], ToDouble(x[2]));
                    }
                }
                Scale(ref l0, ref h0, shift, twice, offsetBack);
                Scale(ref l1, ref h1, shift, twice, offsetBack);
                Scale(ref l2, ref h2, shift, twice, offsetBack);
                Scale(ref l3, ref h3, shift, twice, offsetBack);
                carry = Avx512F.ShiftLeftLogicalVariable(carry, shift);
                Words s0 = Avx512F.ShiftLeftLogicalVariable(x[0], doubling), s1 = Avx512F.ShiftLeftLogicalVariable(x[1], doubling);
                if (isOdd)
                {
                    MultiplyAdd(ref l1, ref h1, x[0], ToDouble(x[0]), s0, ToDouble(x[0]) * once);
                    MultiplyAdd(ref l3, ref h3, x[1], ToDouble(x[1]), s1, ToDouble(x[1]) * once);
                }
                else
                {
                    MultiplyAdd(ref l0, ref h0, x[0], ToDouble(x[0]), s0, ToDouble(x[0]) * once);
                    MultiplyAdd(ref l2, ref h2, x[1], ToDouble(x[1]), s1, ToDouble(x[1]) * once);
                }
                blockCarry = Reduce4(result, m, n, q, c, isLong, l0, l1, l2, l3, h0, h1, h2, h3, carry, blockCarry);
            }
            else
            {
                if (isTop)
                {
                    // Columns 2n−3 … 2n−1: (n−2, n−1) and the diagonal of n−1; half is n−1.
                    MultiplyAddAt(x - 1, x, 0, false, ref l0, ref h0);
                }
                else
                {
                    int i = first;
                    if (!isLower)
                    {
                        Staircase3(a + i, a + n - 1, 0, false, ref l0, ref l1, ref h0, ref h1);
                        i += 2;
                    }
                    for (; isLong && half - i > ChunkSteps; i += ChunkSteps)
                    {
                        Accumulate3(a + i, a + c - i, 0, false, ChunkSteps, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                        Carry3(ref l0, ref l1, ref l2, ref h0, ref h1, ref h2, ref carry);
                    }
                    Accumulate3(a + i, a + c - i, 0, false, half - i, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                    if (isLong)
                        Carry3(ref l0, ref l1, ref l2, ref h0, ref h1, ref h2, ref carry);
                    if (isOdd)
                    {
                        MultiplyAdd(ref l2, ref h2, x[0], ToDouble(x[0]), x[1], ToDouble(x[1]));
                    }
                    else
                    {
                        MultiplyAdd(ref l1, ref h1, x[0], ToDouble(x[0]), x[1], ToDouble(x[1]));
                        MultiplyAdd(ref l2, ref h2, x[0], ToDouble(x[0]), x[2], ToDouble(x[2]));
                    }
                }
                Scale(ref l0, ref h0, shift, twice, offsetBack);
                Scale(ref l1, ref h1, shift, twice, offsetBack);
                Scale(ref l2, ref h2, shift, twice, offsetBack);
                carry = Avx512F.ShiftLeftLogicalVariable(carry, shift);
                Words s0 = Avx512F.ShiftLeftLogicalVariable(x[0], doubling);
                if (isOdd)
                {
                    MultiplyAdd(ref l1, ref h1, x[0], ToDouble(x[0]), s0, ToDouble(x[0]) * once);
                }
                else
                {
                    MultiplyAdd(ref l0, ref h0, x[0], ToDouble(x[0]), s0, ToDouble(x[0]) * once);
                    MultiplyAdd(ref l2, ref h2, x[1], ToDouble(x[1]), Avx512F.ShiftLeftLogicalVariable(x[1], doubling), ToDouble(x[1]) * once);
                }
                blockCarry = Reduce3(result, m, n, q, c, isLong, l0, l1, l2, h0, h1, h2, carry, blockCarry);
            }
        }
    }

    /// <summary>result = a · b / R mod m, below 4m for a and b below 4m and R ≥ 16m: 16m²/R + m ≤ 2m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Words* result, Words* a, Words* b, Words* m, int n, Words* q)
    {
        Debug.Assert(n is >= MinLimbs and <= MaxLimbs);
        int threes = -n & 3, afterFours = n - 3 * threes;
        bool isLong = n >= LongLimbs;
        Doubles offset = Offset;
        Words blockCarry = Words.Zero;

        for (int c = 0, width; c < 2 * n; c += width)
        {
            bool isLower = c < n;
            width = (isLower ? c < afterFours : c >= n + 3 * threes) ? 4 : 3;
            int i = isLower ? 0 : c - (n - 1), end = isLower ? c : n;
            Words l0 = Words.Zero, l1 = l0, l2 = l0, l3 = l0, carry = l0;
            Doubles h0 = offset, h1 = offset, h2 = offset, h3 = offset;
            if (width == 4)
            {
                if (!isLower)
                {
                    Staircase4(a + i, b + n - 1, 0, false, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                    i += 3;
                }
                for (; isLong && end - i > ChunkSteps; i += ChunkSteps)
                {
                    Accumulate4(a + i, b + c - i, 0, false, ChunkSteps, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
                    Carry4(ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3, ref carry);
                }
                Accumulate4(a + i, b + c - i, 0, false, end - i, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
                if (isLong)
                    Carry4(ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3, ref carry);
                if (isLower)
                {
                    MultiplyAddAt(b, a + c, 0, false, ref l0, ref h0);
                    MultiplyAddAt(b + 1, a + c, 0, false, ref l1, ref h1);
                    MultiplyAddAt(b + 2, a + c, 0, false, ref l2, ref h2);
                    MultiplyAddAt(b + 3, a + c, 0, false, ref l3, ref h3);
                    MultiplyAddAt(b, a + c + 1, 0, false, ref l1, ref h1);
                    MultiplyAddAt(b + 1, a + c + 1, 0, false, ref l2, ref h2);
                    MultiplyAddAt(b + 2, a + c + 1, 0, false, ref l3, ref h3);
                    MultiplyAddAt(b, a + c + 2, 0, false, ref l2, ref h2);
                    MultiplyAddAt(b + 1, a + c + 2, 0, false, ref l3, ref h3);
                    MultiplyAddAt(b, a + c + 3, 0, false, ref l3, ref h3);
                }
                blockCarry = Reduce4(result, m, n, q, c, isLong, l0, l1, l2, l3, h0, h1, h2, h3, carry, blockCarry);
            }
            else
            {
                if (!isLower)
                {
                    Staircase3(a + i, b + n - 1, 0, false, ref l0, ref l1, ref h0, ref h1);
                    i += 2;
                }
                for (; isLong && end - i > ChunkSteps; i += ChunkSteps)
                {
                    Accumulate3(a + i, b + c - i, 0, false, ChunkSteps, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                    Carry3(ref l0, ref l1, ref l2, ref h0, ref h1, ref h2, ref carry);
                }
                Accumulate3(a + i, b + c - i, 0, false, end - i, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
                if (isLong)
                    Carry3(ref l0, ref l1, ref l2, ref h0, ref h1, ref h2, ref carry);
                if (isLower)
                {
                    MultiplyAddAt(b, a + c, 0, false, ref l0, ref h0);
                    MultiplyAddAt(b + 1, a + c, 0, false, ref l1, ref h1);
                    MultiplyAddAt(b, a + c + 1, 0, false, ref l1, ref h1);
                    MultiplyAddAt(b + 2, a + c, 0, false, ref l2, ref h2);
                    MultiplyAddAt(b + 1, a + c + 1, 0, false, ref l2, ref h2);
                    MultiplyAddAt(b, a + c + 2, 0, false, ref l2, ref h2);
                }
                blockCarry = Reduce3(result, m, n, q, c, isLong, l0, l1, l2, h0, h1, h2, carry, blockCarry);
            }
        }
    }

    /// <summary>Multiplies the off-diagonal sums by 2 or 4: exact, since the mantissa holds small multiples of its unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(ref Words low, ref Doubles high, Words shift, Doubles factor, Doubles offsetBack)
    {
        low = Avx512F.ShiftLeftLogicalVariable(low, shift);
        high = Avx512F.FusedMultiplyAdd(high, factor, offsetBack);
    }

    /// <summary>Adds the reduction's products to four columns and ends them: quotient digits in the lower half, limbs of the result in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Reduce4(
        Words* result, Words* m, int n, Words* q, int c, bool isLong,
        Words l0, Words l1, Words l2, Words l3, Doubles h0, Doubles h1, Doubles h2, Doubles h3, Words carry, Words blockCarry)
    {
        int i = 0, end = c;
        if (c >= n)
        {
            i = c - (n - 1);
            end = n;
            Staircase4(q + i, m + n - 1, n, true, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
            i += 3;
        }
        for (; isLong && end - i > ChunkSteps; i += ChunkSteps)
        {
            Accumulate4(q + i, m + c - i, n, true, ChunkSteps, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
            Carry4(ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3, ref carry);
        }
        Accumulate4(q + i, m + c - i, n, true, end - i, ref l0, ref l1, ref l2, ref l3, ref h0, ref h1, ref h2, ref h3);
        // Last, so that only this waits for the block before.
        l0 += blockCarry & LimbMask;
        l1 += LowCarry(blockCarry);
        if (c < n)
            return carry + Quotients4(q + c, m, n, l0, l1, l2, l3, h0, h1, h2, h3);
        Words stored = Words.Zero;
        result += c - n;
        Store(result, l0, h0, ref stored);
        Store(result + 1, l1, h1, ref stored);
        Store(result + 2, l2, h2, ref stored);
        Store(result + 3, l3, h3, ref stored);
        return carry + stored;
    }

    /// <summary>As <see cref="Reduce4"/>, for three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Reduce3(
        Words* result, Words* m, int n, Words* q, int c, bool isLong,
        Words l0, Words l1, Words l2, Doubles h0, Doubles h1, Doubles h2, Words carry, Words blockCarry)
    {
        int i = 0, end = c;
        if (c >= n)
        {
            i = c - (n - 1);
            end = n;
            Staircase3(q + i, m + n - 1, n, true, ref l0, ref l1, ref h0, ref h1);
            i += 2;
        }
        for (; isLong && end - i > ChunkSteps; i += ChunkSteps)
        {
            Accumulate3(q + i, m + c - i, n, true, ChunkSteps, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
            Carry3(ref l0, ref l1, ref l2, ref h0, ref h1, ref h2, ref carry);
        }
        Accumulate3(q + i, m + c - i, n, true, end - i, ref l0, ref l1, ref l2, ref h0, ref h1, ref h2);
        // Last, so that only this waits for the block before.
        l0 += blockCarry & LimbMask;
        l1 += LowCarry(blockCarry);
        if (c < n)
            return carry + Quotients3(q + c, m, n, l0, l1, l2, h0, h1, h2);
        Words stored = Words.Zero;
        result += c - n;
        Store(result, l0, h0, ref stored);
        Store(result + 1, l1, h1, ref stored);
        Store(result + 2, l2, h2, ref stored);
        return carry + stored;
    }
}
