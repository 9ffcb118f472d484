using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PrimeSystem.Primes.Arithmetic.Portable.ScalarColumn;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>
/// Montgomery multiplication and squaring of two numbers too long for <see cref="ScalarShortKernel"/>: product scanning with the
/// reduction in the same pass (the FIPS method of Koç, Acar and Kaliski 1996), two columns at a time.
/// </summary>
/// <remarks>
/// <para>Why it is fast: a step loads one limb of each operand for two columns and stores nothing (<see cref="ScalarColumn"/>). The number of limbs is even,
/// so that a pair of columns c, c + 1 (c even) lies in one half; a number is followed by a zero, which the first of two columns meets in the upper half.
/// In a square both columns have the middle h = c/2: the first ends with h·h, the second with h·(h + 1).</para>
/// <para>Weights: the accumulators are emptied after the products and every <see cref="ChunkSteps"/> steps: between two emptyings there are at most a middle
/// product (2, doubled), a chunk and the product of a quotient digit (1), beside a limb that was left in the column, below 2⁵⁴ after the doublings.</para>
/// <para>The carry out of a pair is below 3n·2⁵² plus a few units, hence <see cref="MaxLimbs"/>; the next pair adds it split into limb and rest.</para>
/// </remarks>
internal static unsafe class ScalarKernel
{
    public const int MaxLimbs = 680;

    private const int ChunkSteps = MaxWeight - 3;

    /// <summary>result = 2^shift · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, and after them a zero and −1/m mod 2⁵².</param>
    /// <param name="n">Limbs, even, up to <see cref="MaxLimbs"/>.</param>
    /// <param name="q">Scratch for n quotient digits.</param>
    /// <param name="doubling">Which lanes double.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(LimbPair* result, LimbPair* a, LimbPair* m, int n, LimbPair* q, in Doubling doubling)
    {
        Debug.Assert(n <= MaxLimbs && n % 2 == 0);
        ulong pairCarry0 = 0, pairCarry1 = 0;
        int shift0 = doubling.Shift0, shift1 = doubling.Shift1, left0 = shift0 + 1, left1 = shift1 + 1;
        for (int c = 0; c < 2 * n; c += 2)
        {
            ulong low0 = 0, low1 = 0, next0 = 0, next1 = 0, carry0 = 0, carry1 = 0;
            Doubles high = Offset, nextHigh = Offset;
            int half = c >> 1, first = c < n ? 0 : c - n + 1;
            Accumulate(
                a + first, a + c - first, half - first, ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
            LimbPair* x = a + half;
            MultiplyAdd(x, x + 1, ref next0, ref next1, ref nextHigh);
            Flush(ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
            low0 = (low0 << left0) + ((x->First * x->First) << shift0);
            low1 = (low1 << left1) + ((x->Second * x->Second) << shift1);
            high = Vector128.FusedMultiplyAdd(x->Reals, x->Reals * doubling.Once, high);
            Reduce(
                result, m, n, q, c, low0, low1, high, next0 << left0, next1 << left1, nextHigh, carry0 << left0, carry1 << left1,
                ref pairCarry0, ref pairCarry1);
        }
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, int n, LimbPair* q)
    {
        Debug.Assert(n <= MaxLimbs && n % 2 == 0);
        ulong pairCarry0 = 0, pairCarry1 = 0;
        for (int c = 0; c < 2 * n; c += 2)
        {
            ulong low0 = 0, low1 = 0, next0 = 0, next1 = 0, carry0 = 0, carry1 = 0;
            Doubles high = Offset, nextHigh = Offset;
            int first = c < n ? 0 : c - n + 1, end = c < n ? c + 1 : n;
            Accumulate(
                a + first, b + c - first, end - first, ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
            if (c < n)
                MultiplyAdd(a + c + 1, b, ref next0, ref next1, ref nextHigh);
            Flush(ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
            Reduce(result, m, n, q, c, low0, low1, high, next0, next1, nextHigh, carry0, carry1, ref pairCarry0, ref pairCarry1);
        }
    }

    /// <summary>Adds the reduction's products to two columns and ends them: quotient digits in the lower half, limbs of the result in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(
        LimbPair* result, LimbPair* m, int n, LimbPair* q, int c, ulong low0, ulong low1, Doubles high, ulong next0, ulong next1, Doubles nextHigh,
        ulong carry0, ulong carry1, ref ulong pairCarry0, ref ulong pairCarry1)
    {
        int first = c < n ? 0 : c - n + 1, end = c < n ? c : n;
        Accumulate(
            q + first, m + c - first, end - first, ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
        // Last, so that only this waits for the pair before.
        low0 += pairCarry0 & Mask;
        low1 += pairCarry1 & Mask;
        next0 += pairCarry0 >> LimbBits;
        next1 += pairCarry1 >> LimbBits;
        ulong out0, out1;
        if (c < n)
        {
            LimbPair* inverse = m + n + 1, digit = q + c;
            Quotient(low0, low1, high, m, inverse, digit, out out0, out out1);
            next0 += out0;
            next1 += out1;
            MultiplyAdd(digit, m + 1, ref next0, ref next1, ref nextHigh);
            Quotient(next0, next1, nextHigh, m, inverse, digit + 1, out out0, out out1);
        }
        else
        {
            result += c - n;
            End(low0, low1, high, result, out out0, out out1);
            End(next0 + out0, next1 + out1, nextHigh, result + 1, out out0, out out1);
        }
        pairCarry0 = carry0 + out0;
        pairCarry1 = carry1 + out1;
    }

    /// <summary>Adds Σ x[i] · y[−i] for 0 ≤ i &lt; steps to one column, Σ x[i] · y[1 − i] to the next, and what overflows to the carry after both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(
        LimbPair* x, LimbPair* y, int steps, ref ulong low0, ref ulong low1, ref Doubles high, ref ulong next0, ref ulong next1,
        ref Doubles nextHigh, ref ulong carry0, ref ulong carry1)
    {
        for (; steps > ChunkSteps; steps -= ChunkSteps, x += ChunkSteps, y -= ChunkSteps)
        {
            AccumulateChunk(x, y, ChunkSteps, ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh);
            Flush(ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh, ref carry0, ref carry1);
        }
        AccumulateChunk(x, y, steps, ref low0, ref low1, ref high, ref next0, ref next1, ref nextHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateChunk(
        LimbPair* x, LimbPair* y, int steps, ref ulong low0, ref ulong low1, ref Doubles high, ref ulong next0, ref ulong next1, ref Doubles nextHigh)
    {
        for (LimbPair* end = x + steps; x < end; x++, y--)
        {
            ulong first = x->First, second = x->Second;
            Doubles reals = x->Reals;
            low0 += first * y->First;
            low1 += second * y->Second;
            high = Vector128.FusedMultiplyAdd(reals, y->Reals, high);
            next0 += first * y[1].First;
            next1 += second * y[1].Second;
            nextHigh = Vector128.FusedMultiplyAdd(reals, y[1].Reals, nextHigh);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(LimbPair* x, LimbPair* y, ref ulong low0, ref ulong low1, ref Doubles high)
    {
        low0 += x->First * y->First;
        low1 += x->Second * y->Second;
        high = Vector128.FusedMultiplyAdd(x->Reals, y->Reals, high);
    }

    /// <summary>Empties both accumulators: limbs stay, and what overflows goes into the carry after both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(
        ref ulong low0, ref ulong low1, ref Doubles high, ref ulong next0, ref ulong next1, ref Doubles nextHigh, ref ulong carry0, ref ulong carry1)
    {
        next0 += ScalarColumn.Flush(ref low0, high, 0);
        next1 += ScalarColumn.Flush(ref low1, high, 1);
        carry0 += ScalarColumn.Flush(ref next0, nextHigh, 0);
        carry1 += ScalarColumn.Flush(ref next1, nextHigh, 1);
        high = nextHigh = Offset;
    }
}
