using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Radix52;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Montgomery multiplication and squaring of eight numbers of six to ten limbs: straight-line code, as <see cref="ScalarSmallKernel"/> has it.</summary>
/// <remarks>
/// Why it is fast: see there; with both forms of each limb in memory (<see cref="HybridLanes"/>), a product is two multiplications, an addition and two loads.
/// Weights (<see cref="Radix52"/>): 2n of a doubled square and n of the reduction, 30 for ten limbs.
/// </remarks>
internal static unsafe class HybridSmallKernel
{
    public const int MaxLimbs = 10;

    /// <summary>result = a² / R mod m, below 3m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go: n limbs as integers, then as doubles.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, and after them 2^(−52·(n − f)) mod m, where f digits are folded.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵², per lane.</param>
    /// <param name="q">Scratch for n digits in both forms.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square<TLimbs>(Words* result, Words* a, Words* m, Words* negativeInverse, Words* q)
        where TLimbs : ILimbCount =>
        Square(TLimbs.Value, false, Words.Zero, result, a, m, negativeInverse, q);

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + 2m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go: n limbs as integers, then as doubles.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, and after them 2^(−52·(n − f)) mod m, where f digits are folded.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵², per lane.</param>
    /// <param name="q">Scratch for n digits in both forms.</param>
    /// <param name="doubling">0 or 1 per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareDouble<TLimbs>(Words* result, Words* a, Words* m, Words* negativeInverse, Words* q, Words* doubling)
        where TLimbs : ILimbCount =>
        Square(TLimbs.Value, true, *doubling, result, a, m, negativeInverse, q);

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <remarks>Without folded digits: a product with 1 is at most m, which is how numbers are reduced completely.</remarks>
    /// <param name="result">Where the numbers go: n limbs as integers, then as doubles.</param>
    /// <param name="a">The first factors.</param>
    /// <param name="b">The second factors.</param>
    /// <param name="m">The moduli, odd.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵², per lane.</param>
    /// <param name="q">Scratch for n digits in both forms.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLimbs>(Words* result, Words* a, Words* b, Words* m, Words* negativeInverse, Words* q)
        where TLimbs : ILimbCount
    {
        Debug.Assert(TLimbs.Value <= MaxLimbs);
        Multiply(TLimbs.Value, result, a, b, m, negativeInverse, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int n, bool isDoubling, Words doubling, Words* result, Words* a, Words* m, Words* negativeInverse, Words* q)
    {
        Doubles empty = Offset, once = ToDouble(doubling) + Vector512.Create(1.0), twice = once + once, back = empty - empty * twice;
        Words carry = Words.Zero, shift = doubling + Words.One;
        SquareLower(0, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareLower(1, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareLower(2, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareLower(3, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareLower(4, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareLower(5, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        if (n > 6)
            SquareLower(6, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        if (n > 7)
            SquareLower(7, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        if (n > 8)
            SquareLower(8, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        if (n > 9)
            SquareLower(9, n, isDoubling, doubling, once, shift, twice, back, a, m, negativeInverse, q, empty, ref carry);
        SquareUpper(n, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        SquareUpper(n + 1, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        SquareUpper(n + 2, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        SquareUpper(n + 3, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        SquareUpper(n + 4, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        if (n > 6)
            SquareUpper(n + 5, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        if (n > 7)
            SquareUpper(n + 6, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        if (n > 8)
            SquareUpper(n + 7, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        if (n > 9)
            SquareUpper(n + 8, n, isDoubling, doubling, once, shift, twice, back, result, a, m, q, empty, ref carry);
        Store(result + (n - 1), n, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(int n, Words* result, Words* a, Words* b, Words* m, Words* negativeInverse, Words* q)
    {
        Doubles empty = Offset;
        Words carry = Words.Zero;
        MultiplyLower(0, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyLower(1, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyLower(2, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyLower(3, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyLower(4, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyLower(5, n, a, b, m, negativeInverse, q, empty, ref carry);
        if (n > 6)
            MultiplyLower(6, n, a, b, m, negativeInverse, q, empty, ref carry);
        if (n > 7)
            MultiplyLower(7, n, a, b, m, negativeInverse, q, empty, ref carry);
        if (n > 8)
            MultiplyLower(8, n, a, b, m, negativeInverse, q, empty, ref carry);
        if (n > 9)
            MultiplyLower(9, n, a, b, m, negativeInverse, q, empty, ref carry);
        MultiplyUpper(n, n, result, a, b, m, q, empty, ref carry);
        MultiplyUpper(n + 1, n, result, a, b, m, q, empty, ref carry);
        MultiplyUpper(n + 2, n, result, a, b, m, q, empty, ref carry);
        MultiplyUpper(n + 3, n, result, a, b, m, q, empty, ref carry);
        MultiplyUpper(n + 4, n, result, a, b, m, q, empty, ref carry);
        if (n > 6)
            MultiplyUpper(n + 5, n, result, a, b, m, q, empty, ref carry);
        if (n > 7)
            MultiplyUpper(n + 6, n, result, a, b, m, q, empty, ref carry);
        if (n > 8)
            MultiplyUpper(n + 7, n, result, a, b, m, q, empty, ref carry);
        if (n > 9)
            MultiplyUpper(n + 8, n, result, a, b, m, q, empty, ref carry);
        Store(result + (n - 1), n, carry);
    }

    /// <summary>Column c &lt; n of a square: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareLower(
        int c, int n, bool isDoubling, Words doubling, Doubles once, Words shift, Doubles twice, Doubles back, Words* a, Words* m, Words* negativeInverse, Words* q, Doubles high, ref Words carry)
    {
        Words low = Words.Zero;
        if (c > 0)
        {
            Sum(a, a + c, n, (c + 1) / 2, ref low, ref high);
            low = Avx512F.ShiftLeftLogicalVariable(low, shift);
            high = Avx512F.FusedMultiplyAdd(high, twice, back);
        }
        if (c % 2 == 0)
        {
            Words x = a[c / 2];
            Doubles xd = ((Doubles*)a)[n + (c / 2)];
            MultiplyAdd(ref low, ref high, x, xd, isDoubling ? Avx512F.ShiftLeftLogicalVariable(x, doubling) : x, isDoubling ? xd * once : xd);
        }
        // Folded digits, n − n/2 columns back, and then the quotients.
        if (c >= n - (n / 2))
            Sum(q, m + (c + n + (n / 2)), n, c + 1 - n + (n / 2), ref low, ref high);
        if (c > n / 2)
            Sum(q + (n / 2), m + (c - (n / 2)), n, c - (n / 2), ref low, ref high);
        low += carry;
        if (c >= n / 2)
            carry = Quotient(q + c, n, m, negativeInverse, low, high);
        else
            carry = End(q + c, n, low, high);
    }

    /// <summary>Column c ≥ n of a square: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareUpper(
        int c, int n, bool isDoubling, Words doubling, Doubles once, Words shift, Doubles twice, Doubles back, Words* result, Words* a, Words* m, Words* q, Doubles high, ref Words carry)
    {
        Words low = Words.Zero;
        if (c < 2 * n - 2)
        {
            Sum(a + (c - n + 1), a + (n - 1), n, ((c + 1) / 2) - (c - n + 1), ref low, ref high);
            low = Avx512F.ShiftLeftLogicalVariable(low, shift);
            high = Avx512F.FusedMultiplyAdd(high, twice, back);
        }
        if (c % 2 == 0)
        {
            Words x = a[c / 2];
            Doubles xd = ((Doubles*)a)[n + (c / 2)];
            MultiplyAdd(ref low, ref high, x, xd, isDoubling ? Avx512F.ShiftLeftLogicalVariable(x, doubling) : x, isDoubling ? xd * once : xd);
        }
        if (c < 2 * n - (n / 2))
            Sum(q, m + (c + n + (n / 2)), n, n / 2, ref low, ref high);
        else
            Sum(q + (c - (2 * n) + (n / 2) + 1), m + ((3 * n) - 1), n, (2 * n) - 1 - c, ref low, ref high);
        if (c < n + (n / 2))
            Sum(q + (n / 2), m + (c - (n / 2)), n, n - (n / 2), ref low, ref high);
        else
            Sum(q + (c - n + 1), m + (n - 1), n, (2 * n) - 1 - c, ref low, ref high);
        carry = End(result + (c - n), n, low + carry, high);
    }

    /// <summary>Column c &lt; n of a product: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyLower(int c, int n, Words* a, Words* b, Words* m, Words* negativeInverse, Words* q, Doubles high, ref Words carry)
    {
        Words low = Words.Zero;
        Sum(a, b + c, n, c + 1, ref low, ref high);
        Sum(q, m + c, n, c, ref low, ref high);
        carry = Quotient(q + c, n, m, negativeInverse, low + carry, high);
    }

    /// <summary>Column c ≥ n of a product: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyUpper(int c, int n, Words* result, Words* a, Words* b, Words* m, Words* q, Doubles high, ref Words carry)
    {
        Words low = Words.Zero;
        Sum(a + (c - n + 1), b + (n - 1), n, (2 * n) - 1 - c, ref low, ref high);
        Sum(q + (c - n + 1), m + (n - 1), n, (2 * n) - 1 - c, ref low, ref high);
        carry = End(result + (c - n), n, low + carry, high);
    }

    /// <summary>Adds Σ x[i] · y[−i] for 0 ≤ i &lt; count, a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(Words* x, Words* y, int n, int count, ref Words low, ref Doubles high)
    {
        Doubles* xd = (Doubles*)x + n, yd = (Doubles*)y + n;
        if (count > 0)
        {
            low += Avx512DQ.MultiplyLow(x[0], y[0]);
            high = Avx512F.FusedMultiplyAdd(xd[0], yd[0], high);
        }
        if (count > 1)
        {
            low += Avx512DQ.MultiplyLow(x[1], y[-1]);
            high = Avx512F.FusedMultiplyAdd(xd[1], yd[-1], high);
        }
        if (count > 2)
        {
            low += Avx512DQ.MultiplyLow(x[2], y[-2]);
            high = Avx512F.FusedMultiplyAdd(xd[2], yd[-2], high);
        }
        if (count > 3)
        {
            low += Avx512DQ.MultiplyLow(x[3], y[-3]);
            high = Avx512F.FusedMultiplyAdd(xd[3], yd[-3], high);
        }
        if (count > 4)
        {
            low += Avx512DQ.MultiplyLow(x[4], y[-4]);
            high = Avx512F.FusedMultiplyAdd(xd[4], yd[-4], high);
        }
        if (count > 5)
        {
            low += Avx512DQ.MultiplyLow(x[5], y[-5]);
            high = Avx512F.FusedMultiplyAdd(xd[5], yd[-5], high);
        }
        if (count > 6)
        {
            low += Avx512DQ.MultiplyLow(x[6], y[-6]);
            high = Avx512F.FusedMultiplyAdd(xd[6], yd[-6], high);
        }
        if (count > 7)
        {
            low += Avx512DQ.MultiplyLow(x[7], y[-7]);
            high = Avx512F.FusedMultiplyAdd(xd[7], yd[-7], high);
        }
        if (count > 8)
        {
            low += Avx512DQ.MultiplyLow(x[8], y[-8]);
            high = Avx512F.FusedMultiplyAdd(xd[8], yd[-8], high);
        }
        if (count > 9)
        {
            low += Avx512DQ.MultiplyLow(x[9], y[-9]);
            high = Avx512F.FusedMultiplyAdd(xd[9], yd[-9], high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Quotient(Words* q, int n, Words* m, Words* negativeInverse, Words low, Doubles high)
    {
        Words carry = Radix52.Quotient(low, ref high, *m, ((Doubles*)m)[n], *negativeInverse, out Words digit, out Doubles digitAsDouble);
        *q = digit;
        ((Doubles*)q)[n] = digitAsDouble;
        return carry;
    }

    /// <summary>Ends a column: stores its limb and returns the carry into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words End(Words* result, int n, Words low, Doubles high)
    {
        low = Low(low, high);
        Store(result, n, low & LimbMask);
        return LowCarry(low) + HighCarry(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Words* result, int n, Words limb)
    {
        *result = limb;
        ((Doubles*)result)[n] = ToDouble(limb);
    }
}
