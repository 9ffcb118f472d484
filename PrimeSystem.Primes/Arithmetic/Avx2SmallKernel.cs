using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Radix51;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Montgomery multiplication and squaring of four numbers of three to twelve limbs: straight-line code, as <see cref="ScalarSmallKernel"/> has it.</summary>
/// <remarks>
/// <para>Why it is fast: see there; in radix 2⁵¹ (<see cref="Radix51"/>). A quotient digit takes 31 cycles here, so that the half of them that a square saves matters more.</para>
/// <para>Bounds: as in <see cref="Avx2Kernel"/>.</para>
/// </remarks>
internal static unsafe class Avx2SmallKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = 12;

    /// <summary>result = a² / R mod m, below 3m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, with their constants: <see cref="Avx2Lanes"/>.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    /// <param name="doubling">0: no doubling.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square<TLimbs>(Doubles* result, Doubles* a, Doubles* m, int n, Doubles* q, Words doubling)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value && doubling == Words.Zero);
        Square(TLimbs.Value, Words.One, Vector256.Create(1.0), result, a, m, q);
    }

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + 2m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, with their constants: <see cref="Avx2Lanes"/>.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    /// <param name="doubling">0 or 1 per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareDouble<TLimbs>(Doubles* result, Doubles* a, Doubles* m, int n, Doubles* q, Words doubling)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value);
        Words shift = doubling + Words.One;
        Doubles once = ToDouble(shift);   // 1 or 2: doubling + 1.
        Square(TLimbs.Value, shift, once, result, a, m, q);
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <remarks>Without folded digits: a product with 1 is at most m, which is how numbers are reduced completely.</remarks>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The first factors.</param>
    /// <param name="b">The second factors.</param>
    /// <param name="m">The moduli, odd, with their constants: <see cref="Avx2Lanes"/>.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLimbs>(Doubles* result, Doubles* a, Doubles* b, Doubles* m, int n, Doubles* q)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value);
        Multiply(TLimbs.Value, result, a, b, m, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int n, Words shift, Doubles once, Doubles* result, Doubles* a, Doubles* m, Doubles* q)
    {
        Doubles ho = HighOffset, lo = LowOffset;
        Words carry = Words.Zero, rounding = Rounding(m[0]);
        SquareLower(0, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        SquareLower(1, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        SquareLower(2, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 3)
            SquareLower(3, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 4)
            SquareLower(4, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 5)
            SquareLower(5, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 6)
            SquareLower(6, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 7)
            SquareLower(7, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 8)
            SquareLower(8, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 9)
            SquareLower(9, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 10)
            SquareLower(10, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        if (n > 11)
            SquareLower(11, n, shift, once, a, m, rounding, q, ho, lo, ref carry);
        SquareUpper(n, n, shift, once, result, a, m, q, ho, lo, ref carry);
        SquareUpper(n + 1, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 3)
            SquareUpper(n + 2, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 4)
            SquareUpper(n + 3, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 5)
            SquareUpper(n + 4, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 6)
            SquareUpper(n + 5, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 7)
            SquareUpper(n + 6, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 8)
            SquareUpper(n + 7, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 9)
            SquareUpper(n + 8, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 10)
            SquareUpper(n + 9, n, shift, once, result, a, m, q, ho, lo, ref carry);
        if (n > 11)
            SquareUpper(n + 10, n, shift, once, result, a, m, q, ho, lo, ref carry);
        result[n - 1] = ToDouble(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(int n, Doubles* result, Doubles* a, Doubles* b, Doubles* m, Doubles* q)
    {
        Doubles ho = HighOffset, lo = LowOffset;
        Words carry = Words.Zero, rounding = Rounding(m[0]);
        MultiplyLower(0, n, a, b, m, rounding, q, ho, lo, ref carry);
        MultiplyLower(1, n, a, b, m, rounding, q, ho, lo, ref carry);
        MultiplyLower(2, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 3)
            MultiplyLower(3, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 4)
            MultiplyLower(4, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 5)
            MultiplyLower(5, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 6)
            MultiplyLower(6, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 7)
            MultiplyLower(7, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 8)
            MultiplyLower(8, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 9)
            MultiplyLower(9, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 10)
            MultiplyLower(10, n, a, b, m, rounding, q, ho, lo, ref carry);
        if (n > 11)
            MultiplyLower(11, n, a, b, m, rounding, q, ho, lo, ref carry);
        MultiplyUpper(n, n, result, a, b, m, q, ho, lo, ref carry);
        MultiplyUpper(n + 1, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 3)
            MultiplyUpper(n + 2, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 4)
            MultiplyUpper(n + 3, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 5)
            MultiplyUpper(n + 4, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 6)
            MultiplyUpper(n + 5, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 7)
            MultiplyUpper(n + 6, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 8)
            MultiplyUpper(n + 7, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 9)
            MultiplyUpper(n + 8, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 10)
            MultiplyUpper(n + 9, n, result, a, b, m, q, ho, lo, ref carry);
        if (n > 11)
            MultiplyUpper(n + 10, n, result, a, b, m, q, ho, lo, ref carry);
        result[n - 1] = ToDouble(carry);
    }

    /// <summary>Column c &lt; n of a square: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareLower(int c, int n, Words shift, Doubles once, Doubles* a, Doubles* m, Words rounding, Doubles* q, Doubles ho, Doubles lo, ref Words carry)
    {
        Words low = Words.Zero, high = Words.Zero;
        if (c > 0)
        {
            Sum(a, a + c, (c + 1) / 2, ho, lo, ref low, ref high);
            low = Avx2.ShiftLeftLogicalVariable(low, shift);
            high = Avx2.ShiftLeftLogicalVariable(high, shift);
        }
        if (c % 2 == 0)
            MultiplyAdd(ref low, ref high, a[c / 2], a[c / 2] * once, ho, lo);
        // Folded digits, n − n/2 columns back, and then the quotients.
        if (c >= n - (n / 2))
            Sum(q, m + (c + 1 + (n / 2)), c + 1 - n + (n / 2), ho, lo, ref low, ref high);
        if (c > n / 2)
            Sum(q + (n / 2), m + (c - (n / 2)), c - (n / 2), ho, lo, ref low, ref high);
        low += carry;
        if (c >= n / 2)
        {
            carry = high + Quotient(low, m[0], rounding, m[n], ho, lo, out Doubles digit);
            q[c] = digit;
        }
        else
        {
            q[c] = ToDouble(low & LimbMask);
            carry = high + Carry(low);
        }
    }

    /// <summary>Column c ≥ n of a square: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareUpper(int c, int n, Words shift, Doubles once, Doubles* result, Doubles* a, Doubles* m, Doubles* q, Doubles ho, Doubles lo, ref Words carry)
    {
        Words low = Words.Zero, high = Words.Zero;
        if (c < 2 * n - 2)
        {
            Sum(a + (c - n + 1), a + (n - 1), ((c + 1) / 2) - (c - n + 1), ho, lo, ref low, ref high);
            low = Avx2.ShiftLeftLogicalVariable(low, shift);
            high = Avx2.ShiftLeftLogicalVariable(high, shift);
        }
        if (c % 2 == 0)
            MultiplyAdd(ref low, ref high, a[c / 2], a[c / 2] * once, ho, lo);
        if (c < 2 * n - (n / 2))
            Sum(q, m + (c + 1 + (n / 2)), n / 2, ho, lo, ref low, ref high);
        else
            Sum(q + (c - (2 * n) + (n / 2) + 1), m + (2 * n), (2 * n) - 1 - c, ho, lo, ref low, ref high);
        if (c < n + (n / 2))
            Sum(q + (n / 2), m + (c - (n / 2)), n - (n / 2), ho, lo, ref low, ref high);
        else
            Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ho, lo, ref low, ref high);
        low += carry;
        result[c - n] = ToDouble(low & LimbMask);
        carry = high + Carry(low);
    }

    /// <summary>Column c &lt; n of a product: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyLower(int c, int n, Doubles* a, Doubles* b, Doubles* m, Words rounding, Doubles* q, Doubles ho, Doubles lo, ref Words carry)
    {
        Words low = Words.Zero, high = Words.Zero;
        Sum(a, b + c, c + 1, ho, lo, ref low, ref high);
        Sum(q, m + c, c, ho, lo, ref low, ref high);
        carry = high + Quotient(low + carry, m[0], rounding, m[n], ho, lo, out Doubles digit);
        q[c] = digit;
    }

    /// <summary>Column c ≥ n of a product: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyUpper(int c, int n, Doubles* result, Doubles* a, Doubles* b, Doubles* m, Doubles* q, Doubles ho, Doubles lo, ref Words carry)
    {
        Words low = Words.Zero, high = Words.Zero;
        Sum(a + (c - n + 1), b + (n - 1), (2 * n) - 1 - c, ho, lo, ref low, ref high);
        Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ho, lo, ref low, ref high);
        low += carry;
        result[c - n] = ToDouble(low & LimbMask);
        carry = high + Carry(low);
    }

    /// <summary>Adds Σ x[i] · y[−i] for 0 ≤ i &lt; count, a constant: low halves here, high halves to what goes into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(Doubles* x, Doubles* y, int count, Doubles ho, Doubles lo, ref Words low, ref Words high)
    {
        if (count > 0)
        {
            Doubles h = Fma.MultiplyAdd(x[0], y[0], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[0], y[0], lo - h).AsUInt64();
        }
        if (count > 1)
        {
            Doubles h = Fma.MultiplyAdd(x[1], y[-1], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[1], y[-1], lo - h).AsUInt64();
        }
        if (count > 2)
        {
            Doubles h = Fma.MultiplyAdd(x[2], y[-2], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[2], y[-2], lo - h).AsUInt64();
        }
        if (count > 3)
        {
            Doubles h = Fma.MultiplyAdd(x[3], y[-3], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[3], y[-3], lo - h).AsUInt64();
        }
        if (count > 4)
        {
            Doubles h = Fma.MultiplyAdd(x[4], y[-4], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[4], y[-4], lo - h).AsUInt64();
        }
        if (count > 5)
        {
            Doubles h = Fma.MultiplyAdd(x[5], y[-5], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[5], y[-5], lo - h).AsUInt64();
        }
        if (count > 6)
        {
            Doubles h = Fma.MultiplyAdd(x[6], y[-6], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[6], y[-6], lo - h).AsUInt64();
        }
        if (count > 7)
        {
            Doubles h = Fma.MultiplyAdd(x[7], y[-7], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[7], y[-7], lo - h).AsUInt64();
        }
        if (count > 8)
        {
            Doubles h = Fma.MultiplyAdd(x[8], y[-8], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[8], y[-8], lo - h).AsUInt64();
        }
        if (count > 9)
        {
            Doubles h = Fma.MultiplyAdd(x[9], y[-9], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[9], y[-9], lo - h).AsUInt64();
        }
        if (count > 10)
        {
            Doubles h = Fma.MultiplyAdd(x[10], y[-10], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[10], y[-10], lo - h).AsUInt64();
        }
        if (count > 11)
        {
            Doubles h = Fma.MultiplyAdd(x[11], y[-11], ho);
            high += h.AsUInt64();
            low += Fma.MultiplyAdd(x[11], y[-11], lo - h).AsUInt64();
        }
        low -= Vector256.Create((ulong)count * LowBias);
        high -= Vector256.Create((ulong)count * HighBias);
    }
}
