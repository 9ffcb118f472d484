using System.Runtime.CompilerServices;
using static PrimeSystem.Primes.Arithmetic.Avx512.Radix52;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// Four neighbouring columns of a product held in registers: x·y is summed column by column (product scanning), four columns in one pass over the
/// limbs, so that a step loads one limb of x and one of y for four products and stores nothing.
/// </summary>
/// <remarks>
/// Numbers are n integer limbs. A modulus has the same limbs as doubles, <c>stride</c> vectors further on. Other numbers are converted when they are read: a
/// conversion uses an idle port, a 512-bit store takes two cycles of a busy one. The eight accumulators and the window of limbs of y are locals of the caller,
/// passed by reference. Inlined, they stay in registers (22 of 32), which the fields of a struct would not.
/// </remarks>
internal static unsafe class Avx512Columns
{
    /// <summary>Column w += Σ x[i] · y[w − i] for 0 ≤ i &lt; steps, w = 0 … 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate4(
        Words* x, Words* y, int stride, bool isModulus, int steps, ref Words l0, ref Words l1, ref Words l2, ref Words l3,
        ref Doubles h0, ref Doubles h1, ref Doubles h2, ref Doubles h3)
    {
        if (steps <= 0)
            return;
        Words y1 = y[1], y2 = y[2], y3 = y[3];
        Doubles y1d = AsDouble(y + 1, stride, isModulus), y2d = AsDouble(y + 2, stride, isModulus), y3d = AsDouble(y + 3, stride, isModulus);
        Words* end = x + steps;
        do
        {
            Words a = *x;
            Doubles ad = ToDouble(a);
            Words y0 = *y;
            Doubles y0d = AsDouble(y, stride, isModulus);
            MultiplyAdd(ref l3, ref h3, a, ad, y3, y3d);
            MultiplyAdd(ref l2, ref h2, a, ad, y2, y2d);
            MultiplyAdd(ref l1, ref h1, a, ad, y1, y1d);
            MultiplyAdd(ref l0, ref h0, a, ad, y0, y0d);
            y3 = y2;
            y2 = y1;
            y1 = y0;
            y3d = y2d;
            y2d = y1d;
            y1d = y0d;
            x++;
            y--;
        }
        while (x < end);
    }

    /// <summary>Column w += Σ x[i] · y[w − i] for 0 ≤ i &lt; steps, w = 0 … 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate3(
        Words* x, Words* y, int stride, bool isModulus, int steps, ref Words l0, ref Words l1, ref Words l2, ref Doubles h0, ref Doubles h1, ref Doubles h2)
    {
        if (steps <= 0)
            return;
        Words y1 = y[1], y2 = y[2];
        Doubles y1d = AsDouble(y + 1, stride, isModulus), y2d = AsDouble(y + 2, stride, isModulus);
        Words* end = x + steps;
        do
        {
            Words a = *x;
            Doubles ad = ToDouble(a);
            Words y0 = *y;
            Doubles y0d = AsDouble(y, stride, isModulus);
            MultiplyAdd(ref l2, ref h2, a, ad, y2, y2d);
            MultiplyAdd(ref l1, ref h1, a, ad, y1, y1d);
            MultiplyAdd(ref l0, ref h0, a, ad, y0, y0d);
            y2 = y1;
            y1 = y0;
            y2d = y1d;
            y1d = y0d;
            x++;
            y--;
        }
        while (x < end);
    }

    /// <summary>A limb as a double, which a modulus keeps stored <paramref name="stride"/> vectors further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles AsDouble(Words* limb, int stride, bool isModulus) => isModulus ? ((Doubles*)limb)[stride] : ToDouble(*limb);

    /// <summary>low, high += x · y of single limbs in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAddAt(Words* x, Words* y, int stride, bool isModulus, ref Words low, ref Doubles high) =>
        MultiplyAdd(ref low, ref high, *x, ToDouble(*x), *y, AsDouble(y, stride, isModulus));

    /// <summary>The products of four columns whose rows begin one limb after another: column w lacks the rows before w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Staircase4(
        Words* x, Words* top, int stride, bool isModulus, ref Words l0, ref Words l1, ref Words l2, ref Doubles h0, ref Doubles h1, ref Doubles h2)
    {
        MultiplyAddAt(x, top, stride, isModulus, ref l0, ref h0);
        MultiplyAddAt(x + 1, top, stride, isModulus, ref l1, ref h1);
        MultiplyAddAt(x + 2, top, stride, isModulus, ref l2, ref h2);
        MultiplyAddAt(x + 1, top - 1, stride, isModulus, ref l0, ref h0);
        MultiplyAddAt(x + 2, top - 1, stride, isModulus, ref l1, ref h1);
        MultiplyAddAt(x + 2, top - 2, stride, isModulus, ref l0, ref h0);
    }

    /// <summary>As <see cref="Staircase4"/>, for three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Staircase3(Words* x, Words* top, int stride, bool isModulus, ref Words l0, ref Words l1, ref Doubles h0, ref Doubles h1)
    {
        MultiplyAddAt(x, top, stride, isModulus, ref l0, ref h0);
        MultiplyAddAt(x + 1, top, stride, isModulus, ref l1, ref h1);
        MultiplyAddAt(x + 1, top - 1, stride, isModulus, ref l0, ref h0);
    }

    /// <summary>Empties the accumulators of high parts: limbs below 2⁵² stay in the columns, the rest goes to the column after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry4(
        ref Words l0, ref Words l1, ref Words l2, ref Words l3, ref Doubles h0, ref Doubles h1, ref Doubles h2, ref Doubles h3, ref Words carry)
    {
        Words mask = LimbMask;
        Words low = Low(l0, h0);
        l0 = low & mask;
        low = Low(l1, h1) + (LowCarry(low) + HighCarry(h0));
        l1 = low & mask;
        low = Low(l2, h2) + (LowCarry(low) + HighCarry(h1));
        l2 = low & mask;
        low = Low(l3, h3) + (LowCarry(low) + HighCarry(h2));
        l3 = low & mask;
        carry += LowCarry(low) + HighCarry(h3);
        h0 = h1 = h2 = h3 = Offset;
    }

    /// <summary>As <see cref="Carry4"/>, for three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry3(ref Words l0, ref Words l1, ref Words l2, ref Doubles h0, ref Doubles h1, ref Doubles h2, ref Words carry)
    {
        Words mask = LimbMask;
        Words low = Low(l0, h0);
        l0 = low & mask;
        low = Low(l1, h1) + (LowCarry(low) + HighCarry(h0));
        l1 = low & mask;
        low = Low(l2, h2) + (LowCarry(low) + HighCarry(h1));
        l2 = low & mask;
        carry += LowCarry(low) + HighCarry(h2);
        h0 = h1 = h2 = Offset;
    }

    /// <summary>Four quotient digits: each ends its column and joins the columns after it. Returns the carry out of the fourth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Quotients4(Words* q, Words* m, int n, Words l0, Words l1, Words l2, Words l3, Doubles h0, Doubles h1, Doubles h2, Doubles h3)
    {
        Words m1 = m[1], m2 = m[2], m3 = m[3], negativeInverse = m[2 * n];
        Doubles* md = (Doubles*)m + n;
        Doubles m1d = md[1], m2d = md[2], m3d = md[3], factor = md[n + 1], offset = md[n + 2];
        Words carry = Quotient(l0, h0, factor, offset, negativeInverse, out Words digit, out Doubles digitD, out Words late);
        q[0] = digit;
        l1 += carry;
        MultiplyAdd(ref l1, ref h1, digit, digitD, m1, m1d);
        l1 += late;
        MultiplyAdd(ref l2, ref h2, digit, digitD, m2, m2d);
        MultiplyAdd(ref l3, ref h3, digit, digitD, m3, m3d);
        carry = Quotient(l1, h1, factor, offset, negativeInverse, out digit, out digitD, out late);
        q[1] = digit;
        l2 += carry;
        MultiplyAdd(ref l2, ref h2, digit, digitD, m1, m1d);
        l2 += late;
        MultiplyAdd(ref l3, ref h3, digit, digitD, m2, m2d);
        carry = Quotient(l2, h2, factor, offset, negativeInverse, out digit, out digitD, out late);
        q[2] = digit;
        l3 += carry;
        MultiplyAdd(ref l3, ref h3, digit, digitD, m1, m1d);
        l3 += late;
        carry = Quotient(l3, h3, factor, offset, negativeInverse, out digit, out digitD, out late);
        q[3] = digit;
        return carry + late;
    }

    /// <summary>As <see cref="Quotients4"/>, for three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Quotients3(Words* q, Words* m, int n, Words l0, Words l1, Words l2, Doubles h0, Doubles h1, Doubles h2)
    {
        Words m1 = m[1], m2 = m[2], negativeInverse = m[2 * n];
        Doubles* md = (Doubles*)m + n;
        Doubles m1d = md[1], m2d = md[2], factor = md[n + 1], offset = md[n + 2];
        Words carry = Quotient(l0, h0, factor, offset, negativeInverse, out Words digit, out Doubles digitD, out Words late);
        q[0] = digit;
        l1 += carry;
        MultiplyAdd(ref l1, ref h1, digit, digitD, m1, m1d);
        l1 += late;
        MultiplyAdd(ref l2, ref h2, digit, digitD, m2, m2d);
        carry = Quotient(l1, h1, factor, offset, negativeInverse, out digit, out digitD, out late);
        q[1] = digit;
        l2 += carry;
        MultiplyAdd(ref l2, ref h2, digit, digitD, m1, m1d);
        l2 += late;
        carry = Quotient(l2, h2, factor, offset, negativeInverse, out digit, out digitD, out late);
        q[2] = digit;
        return carry + late;
    }

    /// <summary>Ends a column of the upper half: stores its limb and passes the carry on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words* result, Words low, Doubles high, ref Words carry)
    {
        low = Low(low, high) + carry;
        *result = low & LimbMask;
        carry = LowCarry(low) + HighCarry(high);
    }
}
