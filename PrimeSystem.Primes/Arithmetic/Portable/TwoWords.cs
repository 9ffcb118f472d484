using System.Runtime.CompilerServices;
using static PrimeSystem.Primes.Arithmetic.WordArithmetic;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>Montgomery squares and products of numbers below 2¹²⁷, in two words of 64 bits: straight-line code without a branch.</summary>
/// <remarks>
/// The reduction subtracts: with q = p/m mod R, q·m has the same lower half as the product p = a·b, so that the halves cancel without a carry. For p below R·m
/// and q below R, (p − q·m)/R lies between −m and m; where the highest bit says that it is negative, m is added. A modulus is followed by 1/m mod 2⁶⁴.
/// </remarks>
internal static unsafe class TwoWords
{
    /// <summary>Words of a number.</summary>
    public const int Count = 2;

    /// <summary>The largest modulus in bits.</summary>
    public const int MaxBits = 127;

    /// <summary>result = a² / R mod m, below m. In place is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(ulong* result, ulong* a, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1];
        ulong p0 = a0 * a0, p1 = High(a0, a0), p2 = MultiplyAdd(ref p1, a0, a1 << 1, 0), p3 = MultiplyAdd(ref p2, a1, a1, 0);
        Reduce(result, p0, p1, p2, p3, m);
    }

    /// <summary>result = 2·a² / R mod m where <paramref name="mask"/> is all ones, a² / R mod m where it is zero. In place is allowed.</summary>
    /// <remarks>As a·2a: twice a number is two words, and 2·a² is below R·m.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquareDouble(ulong* result, ulong* a, ulong mask, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1];
        Multiply(result, a0, a1, a0 + (a0 & mask), a1 + (a1 & mask) + ((a0 >> 63) & mask), m);
    }

    /// <summary>result = a·b / R mod m, below m. In place is allowed.</summary>
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
