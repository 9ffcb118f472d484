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
/// <para>A square needs no quotient digit in its first f = ⌊n/2⌋ columns: with x = 2^(−52·(n − f)) mod m, a column's limb d is worth d·x in the columns from n − f further
/// on. (So are the quotients of Orup, "Simplifying quotient determination in high-radix modular multiplication", 1995.) That is two multiplications less for
/// such a digit, and nothing waits for it. The sum of d·x is below 2^(52·f)·m, moved by n − f limbs below R·m, as is that of the other quotients.</para>
/// <para>Weights (<see cref="ScalarColumn"/>): 2n of a doubled square and n of the reduction, 30 for ten limbs.</para>
/// </remarks>
internal static unsafe class ScalarSmallKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = 10;

    /// <summary>The limbs of a modulus: m, a zero, −1/m mod 2⁵², and 2^(−52·(n − f)) mod m.</summary>
    public static int ModulusLimbs(int n) => 2 * n + 2;

    /// <summary>Digits of a square that need no quotient.</summary>
    public static int FoldedDigits(int n) => n / 2;

    /// <summary>result = a² / R mod m, below 3m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, with their constants.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    /// <param name="shift0">0: no doubling.</param>
    /// <param name="shift1">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square<TLimbs>(LimbPair* result, LimbPair* a, LimbPair* m, int n, LimbPair* q, int shift0, int shift1)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value && (shift0 | shift1) == 0);
        Doubling none = new(0, 0);
        Square(TLimbs.Value, none, result, a, m, q);
    }

    /// <summary>result = 2^shift · a² / R mod m, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + 2m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, with their constants.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    /// <param name="shift0">0 or 1, for the first lane.</param>
    /// <param name="shift1">0 or 1, for the second lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareDouble<TLimbs>(LimbPair* result, LimbPair* a, LimbPair* m, int n, LimbPair* q, int shift0, int shift1)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value);
        Doubling doubling = new(shift0, shift1);
        Square(TLimbs.Value, doubling, result, a, m, q);
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <remarks>Without folded digits: a product with 1 is at most m, which is how numbers are reduced completely.</remarks>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The first factors.</param>
    /// <param name="b">The second factors.</param>
    /// <param name="m">The moduli, odd, with their constants.</param>
    /// <param name="n">Limbs: as many as the type says.</param>
    /// <param name="q">Scratch for n digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLimbs>(LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, int n, LimbPair* q)
        where TLimbs : ILimbCount
    {
        Debug.Assert(n == TLimbs.Value);
        Multiply(TLimbs.Value, result, a, b, m, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int n, in Doubling doubling, LimbPair* result, LimbPair* a, LimbPair* m, LimbPair* q)
    {
        ulong carry0 = 0, carry1 = 0;
        SquareLower(0, n, doubling, a, m, q, ref carry0, ref carry1);
        SquareLower(1, n, doubling, a, m, q, ref carry0, ref carry1);
        SquareLower(2, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 3)
            SquareLower(3, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 4)
            SquareLower(4, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 5)
            SquareLower(5, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 6)
            SquareLower(6, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 7)
            SquareLower(7, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 8)
            SquareLower(8, n, doubling, a, m, q, ref carry0, ref carry1);
        if (n > 9)
            SquareLower(9, n, doubling, a, m, q, ref carry0, ref carry1);
        SquareUpper(n, n, doubling, result, a, m, q, ref carry0, ref carry1);
        SquareUpper(n + 1, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 3)
            SquareUpper(n + 2, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 4)
            SquareUpper(n + 3, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 5)
            SquareUpper(n + 4, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 6)
            SquareUpper(n + 5, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 7)
            SquareUpper(n + 6, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 8)
            SquareUpper(n + 7, n, doubling, result, a, m, q, ref carry0, ref carry1);
        if (n > 9)
            SquareUpper(n + 8, n, doubling, result, a, m, q, ref carry0, ref carry1);
        result[n - 1].Set(carry0, carry1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(int n, LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, LimbPair* q)
    {
        ulong carry0 = 0, carry1 = 0;
        MultiplyLower(0, n, a, b, m, q, ref carry0, ref carry1);
        MultiplyLower(1, n, a, b, m, q, ref carry0, ref carry1);
        MultiplyLower(2, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 3)
            MultiplyLower(3, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 4)
            MultiplyLower(4, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 5)
            MultiplyLower(5, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 6)
            MultiplyLower(6, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 7)
            MultiplyLower(7, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 8)
            MultiplyLower(8, n, a, b, m, q, ref carry0, ref carry1);
        if (n > 9)
            MultiplyLower(9, n, a, b, m, q, ref carry0, ref carry1);
        MultiplyUpper(n, n, result, a, b, m, q, ref carry0, ref carry1);
        MultiplyUpper(n + 1, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 3)
            MultiplyUpper(n + 2, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 4)
            MultiplyUpper(n + 3, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 5)
            MultiplyUpper(n + 4, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 6)
            MultiplyUpper(n + 5, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 7)
            MultiplyUpper(n + 6, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 8)
            MultiplyUpper(n + 7, n, result, a, b, m, q, ref carry0, ref carry1);
        if (n > 9)
            MultiplyUpper(n + 8, n, result, a, b, m, q, ref carry0, ref carry1);
        result[n - 1].Set(carry0, carry1);
    }

    /// <summary>Column c &lt; n of a square: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareLower(
        int c, int n, in Doubling doubling, LimbPair* a, LimbPair* m, LimbPair* q, ref ulong carry0, ref ulong carry1)
    {
        ulong low0 = 0, low1 = 0;
        Doubles high = Offset;
        if (c > 0)
        {
            Sum(a, a + c, (c + 1) / 2, ref low0, ref low1, ref high);
            doubling.OfPairs(ref low0, ref low1, ref high);
        }
        if (c % 2 == 0)
            doubling.AddSquare(a + (c / 2), ref low0, ref low1, ref high);
        // Folded digits, n − n/2 columns back, and then the quotients.
        if (c >= n - (n / 2))
            Sum(q, m + (c + 2 + (n / 2)), c + 1 - n + (n / 2), ref low0, ref low1, ref high);
        if (c > n / 2)
            Sum(q + (n / 2), m + (c - (n / 2)), c - (n / 2), ref low0, ref low1, ref high);
        if (c >= n / 2)
            Quotient(low0 + carry0, low1 + carry1, high, m, m + (n + 1), q + c, out carry0, out carry1);
        else
            End(low0 + carry0, low1 + carry1, high, q + c, out carry0, out carry1);
    }

    /// <summary>Column c ≥ n of a square: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareUpper(
        int c, int n, in Doubling doubling, LimbPair* result, LimbPair* a, LimbPair* m, LimbPair* q, ref ulong carry0, ref ulong carry1)
    {
        ulong low0 = 0, low1 = 0;
        Doubles high = Offset;
        if (c < 2 * n - 2)
        {
            Sum(a + (c - n + 1), a + (n - 1), ((c + 1) / 2) - (c - n + 1), ref low0, ref low1, ref high);
            doubling.OfPairs(ref low0, ref low1, ref high);
        }
        if (c % 2 == 0)
            doubling.AddSquare(a + (c / 2), ref low0, ref low1, ref high);
        if (c < 2 * n - (n / 2))
            Sum(q, m + (c + 2 + (n / 2)), n / 2, ref low0, ref low1, ref high);
        else
            Sum(q + (c - (2 * n) + (n / 2) + 1), m + (2 * n + 1), (2 * n) - 1 - c, ref low0, ref low1, ref high);
        if (c < n + (n / 2))
            Sum(q + (n / 2), m + (c - (n / 2)), n - (n / 2), ref low0, ref low1, ref high);
        else
            Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ref low0, ref low1, ref high);
        End(low0 + carry0, low1 + carry1, high, result + (c - n), out carry0, out carry1);
    }

    /// <summary>Column c &lt; n of a product: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyLower(
        int c, int n, LimbPair* a, LimbPair* b, LimbPair* m, LimbPair* q, ref ulong carry0, ref ulong carry1)
    {
        ulong low0 = 0, low1 = 0;
        Doubles high = Offset;
        Sum(a, b + c, c + 1, ref low0, ref low1, ref high);
        Sum(q, m + c, c, ref low0, ref low1, ref high);
        Quotient(low0 + carry0, low1 + carry1, high, m, m + (n + 1), q + c, out carry0, out carry1);
    }

    /// <summary>Column c ≥ n of a product: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyUpper(
        int c, int n, LimbPair* result, LimbPair* a, LimbPair* b, LimbPair* m, LimbPair* q, ref ulong carry0, ref ulong carry1)
    {
        ulong low0 = 0, low1 = 0;
        Doubles high = Offset;
        Sum(a + (c - n + 1), b + (n - 1), (2 * n) - 1 - c, ref low0, ref low1, ref high);
        Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ref low0, ref low1, ref high);
        End(low0 + carry0, low1 + carry1, high, result + (c - n), out carry0, out carry1);
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
