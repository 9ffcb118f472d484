using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PrimeSystem.Primes.Arithmetic.ScalarColumn;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Montgomery multiplication and squaring of two numbers of three to ten limbs: product scanning in straight-line code.</summary>
/// <remarks>
/// <para>Why it is fast: at these sizes loops and their ends would cost as much as the products. Every column is one call that is inlined with constants for its
/// index and the number of limbs, so that the compiler drops what the column does not have, and nothing is left but multiplications, additions and the column's end.
/// A column's carry is added last, so that only its quotient digit waits for the column before.</para>
/// <para>Weights (<see cref="ScalarColumn"/>): n of the product and n of the reduction, 20 for ten limbs.</para>
/// </remarks>
internal static unsafe class ScalarSmallKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = 10;

    /// <summary>result = a² / R mod m, below 2m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, and after them, with a limb between, −1/m mod 2⁵².</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n quotient digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square<TLimbs>(LimbPair* result, LimbPair* a, LimbPair* m, int n, LimbPair* q)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value && n is >= MinLimbs and <= MaxLimbs);
        n = TLimbs.Value;
        ulong carry0 = 0, carry1 = 0;
        Column(0, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        Column(1, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        Column(2, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        Column(3, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        Column(4, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        if (n >= 4)
        {
            Column(5, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(6, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 5)
        {
            Column(7, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(8, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 6)
        {
            Column(9, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(10, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 7)
        {
            Column(11, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(12, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 8)
        {
            Column(13, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(14, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 9)
        {
            Column(15, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(16, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        if (n >= 10)
        {
            Column(17, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
            Column(18, n, isSquare: true, result, a, a, m, q, ref carry0, ref carry1);
        }
        result[n - 1].Set(carry0, carry1);
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLimbs>(LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, int n, LimbPair* q)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value && n is >= MinLimbs and <= MaxLimbs);
        n = TLimbs.Value;
        ulong carry0 = 0, carry1 = 0;
        Column(0, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        Column(1, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        Column(2, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        Column(3, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        Column(4, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        if (n >= 4)
        {
            Column(5, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(6, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 5)
        {
            Column(7, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(8, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 6)
        {
            Column(9, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(10, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 7)
        {
            Column(11, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(12, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 8)
        {
            Column(13, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(14, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 9)
        {
            Column(15, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(16, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        if (n >= 10)
        {
            Column(17, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
            Column(18, n, isSquare: false, result, a, b, m, q, ref carry0, ref carry1);
        }
        result[n - 1].Set(carry0, carry1);
    }

    /// <summary>
    /// Column c: a quotient digit where it is in the lower half, a limb of the result in the upper.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(
        int c, int n, bool isSquare, LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, LimbPair* q, ref ulong carry0, ref ulong carry1)
    {
        int first = c < n ? 0 : c - n + 1, end = c < n ? c : n, half = (c + 1) / 2;
        ulong low0 = 0, low1 = 0;
        Doubles high = Offset;
        if (!isSquare)
        {
            Sum(a + first, b + c - first, (c < n ? c + 1 : n) - first, ref low0, ref low1, ref high);
        }
        else
        {
            if (half > first)
            {
                Sum(a + first, a + c - first, half - first, ref low0, ref low1, ref high);
                low0 <<= 1;
                low1 <<= 1;
                high = Twice(high);
            }
            if (c % 2 == 0)
                Sum(a + half, a + half, 1, ref low0, ref low1, ref high);
        }
        Sum(q + first, m + c - first, end - first, ref low0, ref low1, ref high);
        low0 += carry0;
        low1 += carry1;
        ulong limb0, limb1;
        if (c < n)
        {
            carry0 = Quotient(low0, high.AsUInt64().GetElement(0), m[0].First << (64 - LimbBits), m[n + 1].First, out limb0);
            carry1 = Quotient(low1, high.AsUInt64().GetElement(1), m[0].Second << (64 - LimbBits), m[n + 1].Second, out limb1);
            q[c].Set(limb0, limb1);
        }
        else
        {
            carry0 = End(low0, high.AsUInt64().GetElement(0), out limb0);
            carry1 = End(low1, high.AsUInt64().GetElement(1), out limb1);
            result[c - n].Set(limb0, limb1);
        }
    }

    /// <summary>Adds Σ x[i] · y[−i] for 0 ≤ i &lt; count, a constant. Not a call per product: the compiler inlines some hundreds of calls and then no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(LimbPair* x, LimbPair* y, int count, ref ulong low0, ref ulong low1, ref Doubles high)
    {
        if (count > 0)
        {
            low0 += x->First * y->First;
            low1 += x->Second * y->Second;
            high = Vector128.FusedMultiplyAdd(x->Reals, y->Reals, high);
        }
        if (count > 1)
        {
            low0 += x[1].First * y[-1].First;
            low1 += x[1].Second * y[-1].Second;
            high = Vector128.FusedMultiplyAdd(x[1].Reals, y[-1].Reals, high);
        }
        if (count > 2)
        {
            low0 += x[2].First * y[-2].First;
            low1 += x[2].Second * y[-2].Second;
            high = Vector128.FusedMultiplyAdd(x[2].Reals, y[-2].Reals, high);
        }
        if (count > 3)
        {
            low0 += x[3].First * y[-3].First;
            low1 += x[3].Second * y[-3].Second;
            high = Vector128.FusedMultiplyAdd(x[3].Reals, y[-3].Reals, high);
        }
        if (count > 4)
        {
            low0 += x[4].First * y[-4].First;
            low1 += x[4].Second * y[-4].Second;
            high = Vector128.FusedMultiplyAdd(x[4].Reals, y[-4].Reals, high);
        }
        if (count > 5)
        {
            low0 += x[5].First * y[-5].First;
            low1 += x[5].Second * y[-5].Second;
            high = Vector128.FusedMultiplyAdd(x[5].Reals, y[-5].Reals, high);
        }
        if (count > 6)
        {
            low0 += x[6].First * y[-6].First;
            low1 += x[6].Second * y[-6].Second;
            high = Vector128.FusedMultiplyAdd(x[6].Reals, y[-6].Reals, high);
        }
        if (count > 7)
        {
            low0 += x[7].First * y[-7].First;
            low1 += x[7].Second * y[-7].Second;
            high = Vector128.FusedMultiplyAdd(x[7].Reals, y[-7].Reals, high);
        }
        if (count > 8)
        {
            low0 += x[8].First * y[-8].First;
            low1 += x[8].Second * y[-8].Second;
            high = Vector128.FusedMultiplyAdd(x[8].Reals, y[-8].Reals, high);
        }
        if (count > 9)
        {
            low0 += x[9].First * y[-9].First;
            low1 += x[9].Second * y[-9].Second;
            high = Vector128.FusedMultiplyAdd(x[9].Reals, y[-9].Reals, high);
        }
    }
}
