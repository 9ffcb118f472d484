using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PrimeSystem.Primes.Arithmetic.ScalarColumn;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Montgomery multiplication and squaring of one number of six limbs or more: product scanning with the reduction in the same pass (the FIPS method of Koç,
/// Acar and Kaliski 1996), two columns at a time.
/// </summary>
/// <remarks>
/// <para>Why it is fast: two columns take their high halves from one fused multiply-add of two doubles, and a step stores nothing
/// (<see cref="ScalarColumn"/>). A number is n limbs as integers, then the same as doubles, both between zeros: where a pair of columns reaches
/// over the end of a number it multiplies by zero, so that every loop has an even number of steps and no edge is a special case.</para>
/// <para>The number of limbs is even, so that a pair of columns c, c + 1 (c even) lies in one half. In a square both have the middle
/// h = c/2: the first ends with h·h, the second with h·(h + 1).</para>
/// <para>Weights (<see cref="Radix52"/>): a column collects at most n/2 off-diagonal products with weight 4 (two for the symmetry, two for the
/// doubling), or one less and a diagonal with weight 2, and n products of the reduction: at most 3n, so up to 20 limbs one accumulator holds a
/// whole column. Above that the accumulators are emptied every <see cref="ChunkSteps"/> steps: between two emptyings there are at most a middle product
/// (4), a chunk (40) and the product of a quotient digit (1): 45, beside a limb that was left in the column, below 2⁵⁴ after the doublings.</para>
/// <para>The carry out of a pair is below 3n·2⁵² plus a few units, hence <see cref="MaxLimbs"/>; the next pair adds it split into limb and rest.</para>
/// </remarks>
internal static unsafe class ScalarKernel
{
    public const int MinLimbs = 6;
    public const int MaxLimbs = 680;

    private const int LongLimbs = 21;
    private const int ChunkSteps = 40;

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + m ≤ 3m. In place is allowed.</summary>
    /// <param name="result">Where the number goes.</param>
    /// <param name="a">The number to square.</param>
    /// <param name="m">The modulus, odd.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵².</param>
    /// <param name="n">Limbs, even, from <see cref="MinLimbs"/> to <see cref="MaxLimbs"/>.</param>
    /// <param name="q">Scratch for n quotient digits.</param>
    /// <param name="doubling">0 or 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(ulong* result, ulong* a, ulong* m, ulong negativeInverse, int n, ulong* q, int doubling)
    {
        Debug.Assert(n is >= MinLimbs and <= MaxLimbs && n % 2 == 0);
        int shift = doubling + 1;
        double once = 1 << doubling, twice = 2 * once;
        Doubles scale = Vector128.Create(twice), offsetBack = Vector128.Create(Offset - Offset * twice), diagonal = Vector128.Create(once, twice);
        ulong pairCarry = 0;
        for (int c = 0; c < 2 * n; c += 2)
        {
            ulong low0 = 0, low1 = 0;
            Doubles high = Vector128.Create(Offset);
            int half = c >> 1, first = c < n ? -(half & 1) : c - n + (half & 1);
            ulong carry = Accumulate(a + first, a + c - first, half - first, n, ref low0, ref low1, ref high);
            if (n >= LongLimbs)
                carry = (carry + Flush(ref low0, ref low1, ref high)) << shift;
            // The columns' middle: h·h once, h·(h + 1) twice.
            low0 = (low0 << shift) + ((a[half] * a[half]) << doubling);
            low1 = (low1 + a[half] * a[half + 1]) << shift;
            high = Vector128.FusedMultiplyAdd(high, scale, offsetBack);
            high = Vector128.FusedMultiplyAdd(Both(a, half, n), Pair(a, half, n) * diagonal, high);
            pairCarry = Reduce(result, m, negativeInverse, n, q, c, low0, low1, high, carry, pairCarry);
        }
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ulong* result, ulong* a, ulong* b, ulong* m, ulong negativeInverse, int n, ulong* q)
    {
        Debug.Assert(n is >= MinLimbs and <= MaxLimbs && n % 2 == 0);
        ulong pairCarry = 0;
        for (int c = 0; c < 2 * n; c += 2)
        {
            ulong low0 = 0, low1 = 0;
            Doubles high = Vector128.Create(Offset);
            int first = Math.Max(0, c - n), end = Math.Min(c + 2, n);
            ulong carry = Accumulate(a + first, b + c - first, end - first, n, ref low0, ref low1, ref high);
            if (n >= LongLimbs)
                carry += Flush(ref low0, ref low1, ref high);
            pairCarry = Reduce(result, m, negativeInverse, n, q, c, low0, low1, high, carry, pairCarry);
        }
    }

    /// <summary>Adds the reduction's products to two columns and ends them: quotient digits in the lower half, limbs of the result in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reduce(
        ulong* result, ulong* m, ulong negativeInverse, int n, ulong* q, int c, ulong low0, ulong low1, Doubles high, ulong carry, ulong pairCarry)
    {
        int first = Math.Max(0, c - n), end = Math.Min(c, n);
        carry += Accumulate(q + first, m + c - first, end - first, n, ref low0, ref low1, ref high);
        // Last, so that only this waits for the pair before.
        low0 += pairCarry & Mask;
        low1 += pairCarry >> LimbBits;
        if (c < n)
        {
            ulong shiftedM0 = m[0] << (64 - LimbBits);
            low1 += Quotient(low0, Bits(high, 0), shiftedM0, negativeInverse, out ulong digit);
            low1 += digit * m[1];
            // The first column has ended: what becomes of it does not matter.
            high = Vector128.FusedMultiplyAdd(Vector128.Create(ToDouble(digit)), Pair(m, 0, n), high);
            carry += Quotient(low1, Bits(high, 1), shiftedM0, negativeInverse, out ulong next);
            Write(q, c, n, digit, next);
            return carry;
        }
        low1 += End(low0, Bits(high, 0), out ulong limb0);
        carry += End(low1, Bits(high, 1), out ulong limb1);
        Write(result, c - n, n, limb0, limb1);
        return carry;
    }

    /// <summary>
    /// Column w += Σ x[i] · y[w − i] for 0 ≤ i &lt; steps, an even number, w = 0 and 1. Returns what was emptied into the column after them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Accumulate(ulong* x, ulong* y, int steps, int n, ref ulong low0, ref ulong low1, ref Doubles high)
    {
        ulong carry = 0;
        if (n >= LongLimbs)
        {
            for (; steps > ChunkSteps; steps -= ChunkSteps, x += ChunkSteps, y -= ChunkSteps)
            {
                AccumulateChunk(x, y, ChunkSteps, n, ref low0, ref low1, ref high);
                carry += Flush(ref low0, ref low1, ref high);
            }
        }
        AccumulateChunk(x, y, steps, n, ref low0, ref low1, ref high);
        return carry;
    }

    /// <summary>Two steps a turn, with an accumulator of high parts each, so that neither waits for the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateChunk(ulong* x, ulong* y, int steps, int n, ref ulong low0, ref ulong low1, ref Doubles high)
    {
        Debug.Assert(steps % 2 == 0);
        nint reals = RealsAt(n);
        Doubles offset = Vector128.Create(Offset), even = high, odd = offset;
        for (ulong* end = x + steps; x < end; x += 2, y -= 2)
        {
            ulong x0 = x[0], x1 = x[1], p0 = x0 * y[0], p1 = x0 * y[1], p2 = x1 * y[-1], p3 = x1 * y[0];
            even = Vector128.FusedMultiplyAdd(Vector128.Create(((double*)x)[reals]), Vector128.Load((double*)y + reals), even);
            low0 += p0;
            low1 += p1;
            odd = Vector128.FusedMultiplyAdd(Vector128.Create(((double*)x + 1)[reals]), Vector128.Load((double*)y - 1 + reals), odd);
            low0 += p2;
            low1 += p3;
        }
        high = even + (odd - offset);
    }

    /// <summary>Writes two limbs, their doubles in one store, since they are read in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ulong* number, int index, int n, ulong limb0, ulong limb1)
    {
        number[index] = limb0;
        number[index + 1] = limb1;
        Vector128.Create(ToDouble(limb0), ToDouble(limb1)).Store((double*)number + (RealsAt(n) + index));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Flush(ref ulong low0, ref ulong low1, ref Doubles high)
    {
        low1 += End(low0, Bits(high, 0), out low0);
        ulong carry = End(low1, Bits(high, 1), out low1);
        high = Vector128.Create(Offset);
        return carry;
    }
}
