using System.Runtime.CompilerServices;
using static PrimeSystem.Primes.Arithmetic.WordArithmetic;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Montgomery squares and products of numbers of a few words, for <see cref="FewWordLanes{TWords}"/>: straight-line code without a branch.</summary>
/// <remarks>
/// The reduction subtracts: q·m with q = p/m mod R has the lower half of the product p = a·b, so that half cancels without a carry, where with the
/// negative inverse it had to be added to see whether it carries. For p below R·m and q below R, (p − q·m)/R lies between −m and m: m is added where it is negative.
/// A modulus is followed by 1/m mod 2⁶⁴.
/// </remarks>
internal unsafe interface IFewWords
{
    /// <summary>Words of a number.</summary>
    static abstract int Count { get; }

    /// <summary>Bits of a modulus at most.</summary>
    static abstract int MaxBits { get; }

    /// <summary>result = a² / R mod m, below m. In place is allowed.</summary>
    static abstract void Square(ulong* result, ulong* a, ulong* m);

    /// <summary>result = a·b / R mod m, below m. In place is allowed.</summary>
    static abstract void Multiply(ulong* result, ulong* a, ulong* b, ulong* m);

    /// <summary>result = 2·a² / R mod m where <paramref name="mask"/> is all ones, a² / R mod m where it is zero. In place is allowed.</summary>
    static abstract void SquareDouble(ulong* result, ulong* a, ulong mask, ulong* m);
}

/// <summary>Below 2¹²⁷: the highest bit is the sign of a difference, and twice the higher word is a word.</summary>
internal readonly unsafe struct TwoWords : IFewWords
{
    public static int Count => 2;

    public static int MaxBits => 127;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(ulong* result, ulong* a, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1];
        ulong p0 = a0 * a0, p1 = High(a0, a0), p2 = MultiplyAdd(ref p1, a0, a1 << 1, 0), p3 = MultiplyAdd(ref p2, a1, a1, 0);
        Reduce(result, p0, p1, p2, p3, m);
    }

    /// <summary>As a·2a: twice a number is two words, and 2·a² is below R·m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquareDouble(ulong* result, ulong* a, ulong mask, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1];
        Multiply(result, a0, a1, a0 + (a0 & mask), a1 + (a1 & mask) + ((a0 >> 63) & mask), m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ulong* result, ulong* a, ulong* b, ulong* m) => Multiply(result, a[0], a[1], b[0], b[1], m);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(ulong* result, ulong a0, ulong a1, ulong b0, ulong b1, ulong* m)
    {
        ulong p0 = a0 * b0, p1 = High(a0, b0), p2 = MultiplyAdd(ref p1, a0, b1, 0);
        ulong p3 = MultiplyAdd(ref p2, a1, b1, MultiplyAdd(ref p1, a1, b0, 0));
        Reduce(result, p0, p1, p2, p3, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(ulong* result, ulong p0, ulong p1, ulong p2, ulong p3, ulong* m)
    {
        ulong m0 = m[0], m1 = m[1], inverse = m[2];
        ulong q = p0 * inverse, less = MultiplySubtract(ref p1, q, m1, High(q, m0));
        p3 -= Borrow(p2, less);
        p2 -= less;
        q = p1 * inverse;
        p3 -= MultiplySubtract(ref p2, q, m1, High(q, m0));
        Store(result, p2, p3, m);
    }

    /// <summary>Writes a number between −m and m, reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ulong* result, ulong low, ulong high, ulong* m)
    {
        ulong isNegative = (ulong)((long)high >> 63), carry = Add(ref low, m[0] & isNegative, 0);
        result[0] = low;
        result[1] = high + (m[1] & isNegative) + carry;
    }
}

/// <summary>Below 2¹⁹¹: the highest bit is the sign of a difference, and twice a number is three words.</summary>
internal readonly unsafe struct ThreeWords : IFewWords
{
    public static int Count => 3;

    public static int MaxBits => 191;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(ulong* result, ulong* a, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1], a2 = a[2], twice = a2 << 1;
        ulong p0 = a0 * a0, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5;
        // a₀·(a₀ + 2·a₁ + 2·a₂), a₁·(a₁ + 2·a₂), a₂·a₂.
        ulong carry = MultiplyAdd(ref p1, a0, a1 << 1, High(a0, a0));
        p3 = MultiplyAdd(ref p2, a0, twice | (a1 >> 63), carry);
        carry = MultiplyAdd(ref p2, a1, a1, 0);
        p4 = MultiplyAdd(ref p3, a1, twice, carry);
        p5 = MultiplyAdd(ref p4, a2, a2, 0);
        Reduce(result, p0, p1, p2, p3, p4, p5, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ulong* result, ulong* a, ulong* b, ulong* m)
    {
        ulong b0 = b[0], b1 = b[1], b2 = b[2], x = a[0];
        ulong p0 = x * b0, p1 = 0, p2 = 0, p3, p4, p5;
        p3 = MultiplyAdd(ref p2, x, b2, MultiplyAdd(ref p1, x, b1, High(x, b0)));
        x = a[1];
        p4 = MultiplyAdd(ref p3, x, b2, MultiplyAdd(ref p2, x, b1, MultiplyAdd(ref p1, x, b0, 0)));
        x = a[2];
        p5 = MultiplyAdd(ref p4, x, b2, MultiplyAdd(ref p3, x, b1, MultiplyAdd(ref p2, x, b0, 0)));
        Reduce(result, p0, p1, p2, p3, p4, p5, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquareDouble(ulong* result, ulong* a, ulong mask, ulong* m)
    {
        Square(result, a, m);
        // Twice the square less m, and m again where that is negative.
        ulong n0 = result[0], n1 = result[1], n2 = result[2], carry0 = (n0 >> 63) & mask, carry1 = (n1 >> 63) & mask;
        n0 += n0 & mask;
        n1 += (n1 & mask) + carry0;
        ulong borrow = Subtract(ref n0, m[0] & mask, 0);
        borrow = Subtract(ref n1, m[1] & mask, borrow);
        Store(result, n0, n1, n2 + (n2 & mask) + carry1 - (m[2] & mask) - borrow, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(ulong* result, ulong p0, ulong p1, ulong p2, ulong p3, ulong p4, ulong p5, ulong* m)
    {
        ulong m0 = m[0], m1 = m[1], m2 = m[2], inverse = m[3];
        ulong q = p0 * inverse;
        ulong less = MultiplySubtract(ref p2, q, m2, MultiplySubtract(ref p1, q, m1, High(q, m0)));
        ulong borrow = Subtract(ref p3, less, 0);
        q = p1 * inverse;
        less = MultiplySubtract(ref p3, q, m2, MultiplySubtract(ref p2, q, m1, High(q, m0)));
        borrow = Subtract(ref p4, less, borrow);
        q = p2 * inverse;
        less = MultiplySubtract(ref p4, q, m2, MultiplySubtract(ref p3, q, m1, High(q, m0)));
        p5 -= less + borrow;
        Store(result, p3, p4, p5, m);
    }

    /// <summary>Writes a number between −m and m, reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ulong* result, ulong low, ulong middle, ulong high, ulong* m)
    {
        ulong isNegative = (ulong)((long)high >> 63), carry = Add(ref low, m[0] & isNegative, 0);
        carry = Add(ref middle, m[1] & isNegative, carry);
        result[0] = low;
        result[1] = middle;
        result[2] = high + (m[2] & isNegative) + carry;
    }
}
