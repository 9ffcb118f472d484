using System.Runtime.CompilerServices;
using static PrimeSystem.Primes.Arithmetic.LimbCounts;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Montgomery multiplication and squaring of short numbers: product scanning in straight-line code, whatever the arithmetic of a column (<typeparamref name="TColumn"/>).
/// </summary>
/// <remarks>
/// <para>Why it is fast: at these sizes loops and their ends would cost as much as the products. Every column is one call that is inlined with constants for its
/// index and the number of limbs, so that the compiler drops what the column does not have, and nothing is left but multiplications, additions and the column's end.
/// That takes some care: the compiler inlines until a method has 512 locals, and knows a constant argument only where it is written as one.
/// A column's carry is added last, so that only its quotient digit waits for the column before.</para>
/// <para>A square needs no quotient digit in its first f = ⌊n/2⌋ columns: with x = 1/B^(n − f) mod m in radix B, a column's limb d is worth d·x in the columns from n − f
/// further on. (So are the quotients of Orup, "Simplifying quotient determination in high-radix modular multiplication", 1995.) That is two multiplications less for
/// such a digit, and nothing waits for it. The sum of d·x is below B^f·m, moved by n − f limbs below R·m, as is that of the other quotients.</para>
/// <para>A column collects products of weight 3n at most: 2n of a doubled square and n of the reduction.</para>
/// </remarks>
internal static unsafe class StraightLineKernel<TColumn, TLimb, TCarry, TContext>
    where TColumn : struct, IColumn<TColumn, TLimb, TCarry, TContext>
    where TLimb : unmanaged
    where TCarry : struct
    where TContext : struct
{
    public const int MinLimbs = 3;

    /// <summary>Digits of a square that need no quotient, f.</summary>
    public static int FoldedDigits(int n) => n / 2;

    /// <summary>The method that squares numbers of so many limbs, from <see cref="MinLimbs"/> to the most that the column bears; none above.</summary>
    public static delegate*<TLimb*, TLimb*, TLimb*, TLimb*, void> Squaring(int limbs) => limbs > TColumn.MaxLimbs ? null : limbs switch
    {
        3 => &Square<Limbs3>,
        4 => &Square<Limbs4>,
        5 => &Square<Limbs5>,
        6 => &Square<Limbs6>,
        7 => &Square<Limbs7>,
        8 => &Square<Limbs8>,
        9 => &Square<Limbs9>,
        10 => &Square<Limbs10>,
        11 => &Square<Limbs11>,
        12 => &Square<Limbs12>,
        _ => null,
    };

    /// <summary>As <see cref="Squaring"/>, for squares of which some are doubled.</summary>
    public static delegate*<TLimb*, TLimb*, TLimb*, TLimb*, ref TContext, void> DoublingSquaring(int limbs) => limbs > TColumn.MaxLimbs ? null : limbs switch
    {
        3 => &SquareDouble<Limbs3>,
        4 => &SquareDouble<Limbs4>,
        5 => &SquareDouble<Limbs5>,
        6 => &SquareDouble<Limbs6>,
        7 => &SquareDouble<Limbs7>,
        8 => &SquareDouble<Limbs8>,
        9 => &SquareDouble<Limbs9>,
        10 => &SquareDouble<Limbs10>,
        11 => &SquareDouble<Limbs11>,
        12 => &SquareDouble<Limbs12>,
        _ => null,
    };

    /// <summary>As <see cref="Squaring"/>, for products.</summary>
    public static delegate*<TLimb*, TLimb*, TLimb*, TLimb*, TLimb*, void> Multiplication(int limbs) => limbs > TColumn.MaxLimbs ? null : limbs switch
    {
        3 => &Multiply<Limbs3>,
        4 => &Multiply<Limbs4>,
        5 => &Multiply<Limbs5>,
        6 => &Multiply<Limbs6>,
        7 => &Multiply<Limbs7>,
        8 => &Multiply<Limbs8>,
        9 => &Multiply<Limbs9>,
        10 => &Multiply<Limbs10>,
        11 => &Multiply<Limbs11>,
        12 => &Multiply<Limbs12>,
        _ => null,
    };

    /// <summary>result = a² / R mod m, below 3m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <param name="result">Where the numbers go.</param>
    /// <param name="a">The numbers to square.</param>
    /// <param name="m">The moduli, odd, with their constants as <typeparamref name="TColumn"/> wants them.</param>
    /// <param name="q">Scratch for a number of digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square<TLimbs>(TLimb* result, TLimb* a, TLimb* m, TLimb* q)
        where TLimbs : ILimbCount
    {
        TContext context = TColumn.Plain;
        Square(TLimbs.Value, ref context, result, a, m, q);
    }

    /// <summary>result = 2·a² / R mod m or a² / R mod m, as a lane wants it, below 4m for a below 4m and R ≥ 16m: (2·16m²)/R + 2m. In place is allowed.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SquareDouble<TLimbs>(TLimb* result, TLimb* a, TLimb* m, TLimb* q, ref TContext context)
        where TLimbs : ILimbCount
    {
        TContext own = context;   // In registers.
        Square(TLimbs.Value, ref own, result, a, m, q);
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    /// <remarks>Without folded digits: a product with 1 is at most m, which is how numbers are reduced completely.</remarks>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLimbs>(TLimb* result, TLimb* a, TLimb* b, TLimb* m, TLimb* q)
        where TLimbs : ILimbCount
    {
        TContext context = TColumn.Plain;
        Multiply(TLimbs.Value, ref context, result, a, b, m, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int n, ref TContext context, TLimb* result, TLimb* a, TLimb* m, TLimb* q)
    {
        TCarry carry = default;
        SquareLower(0, n, ref context, a, m, q, ref carry);
        SquareLower(1, n, ref context, a, m, q, ref carry);
        SquareLower(2, n, ref context, a, m, q, ref carry);
        if (n > 3)
            SquareLower(3, n, ref context, a, m, q, ref carry);
        if (n > 4)
            SquareLower(4, n, ref context, a, m, q, ref carry);
        if (n > 5)
            SquareLower(5, n, ref context, a, m, q, ref carry);
        if (n > 6)
            SquareLower(6, n, ref context, a, m, q, ref carry);
        if (n > 7)
            SquareLower(7, n, ref context, a, m, q, ref carry);
        if (n > 8)
            SquareLower(8, n, ref context, a, m, q, ref carry);
        if (n > 9)
            SquareLower(9, n, ref context, a, m, q, ref carry);
        if (n > 10)
            SquareLower(10, n, ref context, a, m, q, ref carry);
        if (n > 11)
            SquareLower(11, n, ref context, a, m, q, ref carry);
        SquareUpper(n, n, ref context, result, a, m, q, ref carry);
        SquareUpper(n + 1, n, ref context, result, a, m, q, ref carry);
        if (n > 3)
            SquareUpper(n + 2, n, ref context, result, a, m, q, ref carry);
        if (n > 4)
            SquareUpper(n + 3, n, ref context, result, a, m, q, ref carry);
        if (n > 5)
            SquareUpper(n + 4, n, ref context, result, a, m, q, ref carry);
        if (n > 6)
            SquareUpper(n + 5, n, ref context, result, a, m, q, ref carry);
        if (n > 7)
            SquareUpper(n + 6, n, ref context, result, a, m, q, ref carry);
        if (n > 8)
            SquareUpper(n + 7, n, ref context, result, a, m, q, ref carry);
        if (n > 9)
            SquareUpper(n + 8, n, ref context, result, a, m, q, ref carry);
        if (n > 10)
            SquareUpper(n + 9, n, ref context, result, a, m, q, ref carry);
        if (n > 11)
            SquareUpper(n + 10, n, ref context, result, a, m, q, ref carry);
        TColumn.Store(result + (n - 1), carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(int n, ref TContext context, TLimb* result, TLimb* a, TLimb* b, TLimb* m, TLimb* q)
    {
        TCarry carry = default;
        MultiplyLower(0, n, ref context, a, b, m, q, ref carry);
        MultiplyLower(1, n, ref context, a, b, m, q, ref carry);
        MultiplyLower(2, n, ref context, a, b, m, q, ref carry);
        if (n > 3)
            MultiplyLower(3, n, ref context, a, b, m, q, ref carry);
        if (n > 4)
            MultiplyLower(4, n, ref context, a, b, m, q, ref carry);
        if (n > 5)
            MultiplyLower(5, n, ref context, a, b, m, q, ref carry);
        if (n > 6)
            MultiplyLower(6, n, ref context, a, b, m, q, ref carry);
        if (n > 7)
            MultiplyLower(7, n, ref context, a, b, m, q, ref carry);
        if (n > 8)
            MultiplyLower(8, n, ref context, a, b, m, q, ref carry);
        if (n > 9)
            MultiplyLower(9, n, ref context, a, b, m, q, ref carry);
        if (n > 10)
            MultiplyLower(10, n, ref context, a, b, m, q, ref carry);
        if (n > 11)
            MultiplyLower(11, n, ref context, a, b, m, q, ref carry);
        MultiplyUpper(n, n, ref context, result, a, b, m, q, ref carry);
        MultiplyUpper(n + 1, n, ref context, result, a, b, m, q, ref carry);
        if (n > 3)
            MultiplyUpper(n + 2, n, ref context, result, a, b, m, q, ref carry);
        if (n > 4)
            MultiplyUpper(n + 3, n, ref context, result, a, b, m, q, ref carry);
        if (n > 5)
            MultiplyUpper(n + 4, n, ref context, result, a, b, m, q, ref carry);
        if (n > 6)
            MultiplyUpper(n + 5, n, ref context, result, a, b, m, q, ref carry);
        if (n > 7)
            MultiplyUpper(n + 6, n, ref context, result, a, b, m, q, ref carry);
        if (n > 8)
            MultiplyUpper(n + 7, n, ref context, result, a, b, m, q, ref carry);
        if (n > 9)
            MultiplyUpper(n + 8, n, ref context, result, a, b, m, q, ref carry);
        if (n > 10)
            MultiplyUpper(n + 9, n, ref context, result, a, b, m, q, ref carry);
        if (n > 11)
            MultiplyUpper(n + 10, n, ref context, result, a, b, m, q, ref carry);
        TColumn.Store(result + (n - 1), carry);
    }

    /// <summary>Column c &lt; n of a square: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareLower(int c, int n, ref TContext context, TLimb* a, TLimb* m, TLimb* q, ref TCarry carry)
    {
        TColumn column = TColumn.Empty;
        if (c > 0)
        {
            column.Sum(a, a + c, (c + 1) / 2, ref context);
            column.Double(ref context);
        }
        if (c % 2 == 0)
            column.AddSquare(a + (c / 2), ref context);
        // Folded digits, n − f columns back, and then the quotients.
        if (c >= n - (n / 2))
            column.Sum(q, m + (TColumn.FoldAt(n) + c - n + (n / 2)), c + 1 - n + (n / 2), ref context);
        if (c > n / 2)
            column.Sum(q + (n / 2), m + (c - (n / 2)), c - (n / 2), ref context);
        if (c >= n / 2)
            column.Quotient(q + c, m, n, ref carry);
        else
            column.End(q + c, ref carry);
    }

    /// <summary>Column c ≥ n of a square: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareUpper(int c, int n, ref TContext context, TLimb* result, TLimb* a, TLimb* m, TLimb* q, ref TCarry carry)
    {
        TColumn column = TColumn.Empty;
        if (c < (2 * n) - 2)
        {
            column.Sum(a + (c - n + 1), a + (n - 1), ((c + 1) / 2) - (c - n + 1), ref context);
            column.Double(ref context);
        }
        if (c % 2 == 0)
            column.AddSquare(a + (c / 2), ref context);
        if (c < (2 * n) - (n / 2))
            column.Sum(q, m + (TColumn.FoldAt(n) + c - n + (n / 2)), n / 2, ref context);
        else
            column.Sum(q + (c - (2 * n) + (n / 2) + 1), m + (TColumn.FoldAt(n) + n - 1), (2 * n) - 1 - c, ref context);
        if (c < n + (n / 2))
            column.Sum(q + (n / 2), m + (c - (n / 2)), n - (n / 2), ref context);
        else
            column.Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ref context);
        column.End(result + (c - n), ref carry);
    }

    /// <summary>Column c &lt; n of a product: a digit of the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyLower(int c, int n, ref TContext context, TLimb* a, TLimb* b, TLimb* m, TLimb* q, ref TCarry carry)
    {
        TColumn column = TColumn.Empty;
        column.Sum(a, b + c, c + 1, ref context);
        column.Sum(q, m + c, c, ref context);
        column.Quotient(q + c, m, n, ref carry);
    }

    /// <summary>Column c ≥ n of a product: a limb of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyUpper(int c, int n, ref TContext context, TLimb* result, TLimb* a, TLimb* b, TLimb* m, TLimb* q, ref TCarry carry)
    {
        TColumn column = TColumn.Empty;
        column.Sum(a + (c - n + 1), b + (n - 1), (2 * n) - 1 - c, ref context);
        column.Sum(q + (c - n + 1), m + (n - 1), (2 * n) - 1 - c, ref context);
        column.End(result + (c - n), ref carry);
    }
}
