using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PrimeSystem.Primes.Arithmetic.ScalarColumn;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Montgomery multiplication and squaring of one number of three to five limbs: straight-line code, two columns at a time.</summary>
/// <remarks>
/// <para>Why it is fast: at these sizes loops and their ends would cost more than the products. Two columns share their fused multiply-adds as in
/// <see cref="ScalarKernel"/>; a column's carry is added last, so that only its quotient digit waits for the column before.</para>
/// <para>Weights (<see cref="Radix52"/>): at most n of the square and n of the reduction, 10 for five limbs. A doubling is a shift of the finished
/// limbs: the square is below 2m, its double below 4m.</para>
/// </remarks>
internal static unsafe class ScalarSmallKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = 5;

    private static Doubles Offsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(Offset);
    }

    /// <summary>In a square, the middle products of two columns: h·h once, h·(h + 1) twice.</summary>
    private static Doubles Diagonal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(1.0, 2.0);
    }

    /// <summary>result = 2^doubling · a² / R mod m, below 4m for a below 4m and R ≥ 16m. In place is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(ulong* result, ulong* a, ulong* m, ulong negativeInverse, int n, int doubling)
    {
        switch (n)
        {
            case 3: Square3(result, a, m, negativeInverse, doubling); break;
            case 4: Square4(result, a, m, negativeInverse, doubling); break;
            default: Square5(result, a, m, negativeInverse, doubling); break;
        }
    }

    /// <summary>result = a · b / R mod m, below 2m for a and b below 4m and R ≥ 16m. In place is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ulong* result, ulong* a, ulong* b, ulong* m, ulong negativeInverse, int n)
    {
        switch (n)
        {
            case 3: Multiply3(result, a, b, m, negativeInverse); break;
            case 4: Multiply4(result, a, b, m, negativeInverse); break;
            default: Multiply5(result, a, b, m, negativeInverse); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square3(ulong* result, ulong* a, ulong* m, ulong negativeInverse, int doubling)
    {
        Doubles a0d = Beside(a, 0, 3), a1d = Beside(a, 1, 3), a2d = Beside(a, 2, 3);
        ulong m0 = m[0] << (64 - LimbBits), spill = 0, z0 = a[0] << 1, z1 = a[1] << 1;
        Doubles z0d = Twice(a, 0, 3);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 3), a0d * Diagonal, Offsets);
        ulong low = a[0] * a[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 3), high);
        low = z0 * a[1] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(z0d, a2d, Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 3), a1d * Diagonal, high);
        high = MultiplyAdd(q0d, Pair(m, 2, 3), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 3), high);
        low = z0 * a[2] + a[1] * a[1] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 3), high);
        low = z1 * a[2] + q1 * m[2] + q2 * m[1] + carry;
        carry = Store(result, 0, 3, low, Bits(high, 1), doubling, ref spill);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 3), a2d * Diagonal, Offsets);
        high = MultiplyAdd(q2d, Pair(m, 2, 3), high);
        low = a[2] * a[2] + q2 * m[2] + carry;
        carry = Store(result, 1, 3, low, Bits(high, 0), doubling, ref spill);
        Write(result, 2, 3, (carry << doubling) + spill);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply3(ulong* result, ulong* a, ulong* b, ulong* m, ulong negativeInverse)
    {
        ulong m0 = m[0] << (64 - LimbBits);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 3), Pair(b, 0, 3), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 3), Pair(b, -1, 3), high);
        ulong low = a[0] * b[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 3), high);
        low = a[0] * b[1] + a[1] * b[0] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(ScalarColumn.Both(a, 0, 3), Pair(b, 2, 3), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 3), Pair(b, 1, 3), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 3), Pair(b, 0, 3), high);
        high = MultiplyAdd(q0d, Pair(m, 2, 3), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 3), high);
        low = a[0] * b[2] + a[1] * b[1] + a[2] * b[0] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 3), high);
        low = a[1] * b[2] + a[2] * b[1] + q1 * m[2] + q2 * m[1] + carry;
        carry = Store(result, 0, 3, low, Bits(high, 1));
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 3), Pair(b, 2, 3), Offsets);
        high = MultiplyAdd(q2d, Pair(m, 2, 3), high);
        low = a[2] * b[2] + q2 * m[2] + carry;
        carry = Store(result, 1, 3, low, Bits(high, 0));
        Write(result, 2, 3, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square4(ulong* result, ulong* a, ulong* m, ulong negativeInverse, int doubling)
    {
        Doubles a0d = Beside(a, 0, 4), a1d = Beside(a, 1, 4), a2d = Beside(a, 2, 4), a3d = Beside(a, 3, 4);
        ulong m0 = m[0] << (64 - LimbBits), spill = 0, z0 = a[0] << 1, z1 = a[1] << 1, z2 = a[2] << 1;
        Doubles z0d = Twice(a, 0, 4), z1d = Twice(a, 1, 4);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 4), a0d * Diagonal, Offsets);
        ulong low = a[0] * a[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 4), high);
        low = z0 * a[1] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(z0d, a2d, Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 4), a1d * Diagonal, high);
        high = MultiplyAdd(q0d, Pair(m, 2, 4), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 4), high);
        low = z0 * a[2] + a[1] * a[1] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 4), high);
        low = z0 * a[3] + z1 * a[2] + q0 * m[3] + q1 * m[2] + q2 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q3);
        Doubles q3d = Both(q3);
        high = MultiplyAdd(z1d, a3d, Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 4), a2d * Diagonal, high);
        high = MultiplyAdd(q1d, Pair(m, 3, 4), high);
        high = MultiplyAdd(q2d, Pair(m, 2, 4), high);
        high = MultiplyAdd(q3d, Pair(m, 1, 4), high);
        low = z1 * a[3] + a[2] * a[2] + q1 * m[3] + q2 * m[2] + q3 * m[1] + carry;
        carry = Store(result, 0, 4, low, Bits(high, 0), doubling, ref spill);
        low = z2 * a[3] + q2 * m[3] + q3 * m[2] + carry;
        carry = Store(result, 1, 4, low, Bits(high, 1), doubling, ref spill);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 4), a3d * Diagonal, Offsets);
        high = MultiplyAdd(q3d, Pair(m, 3, 4), high);
        low = a[3] * a[3] + q3 * m[3] + carry;
        carry = Store(result, 2, 4, low, Bits(high, 0), doubling, ref spill);
        Write(result, 3, 4, (carry << doubling) + spill);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(ulong* result, ulong* a, ulong* b, ulong* m, ulong negativeInverse)
    {
        ulong m0 = m[0] << (64 - LimbBits);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 4), Pair(b, 0, 4), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 4), Pair(b, -1, 4), high);
        ulong low = a[0] * b[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 4), high);
        low = a[0] * b[1] + a[1] * b[0] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(ScalarColumn.Both(a, 0, 4), Pair(b, 2, 4), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 4), Pair(b, 1, 4), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 4), Pair(b, 0, 4), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 4), Pair(b, -1, 4), high);
        high = MultiplyAdd(q0d, Pair(m, 2, 4), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 4), high);
        low = a[0] * b[2] + a[1] * b[1] + a[2] * b[0] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 4), high);
        low = a[0] * b[3] + a[1] * b[2] + a[2] * b[1] + a[3] * b[0] + q0 * m[3] + q1 * m[2] + q2 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q3);
        Doubles q3d = Both(q3);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 4), Pair(b, 3, 4), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 4), Pair(b, 2, 4), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 4), Pair(b, 1, 4), high);
        high = MultiplyAdd(q1d, Pair(m, 3, 4), high);
        high = MultiplyAdd(q2d, Pair(m, 2, 4), high);
        high = MultiplyAdd(q3d, Pair(m, 1, 4), high);
        low = a[1] * b[3] + a[2] * b[2] + a[3] * b[1] + q1 * m[3] + q2 * m[2] + q3 * m[1] + carry;
        carry = Store(result, 0, 4, low, Bits(high, 0));
        low = a[2] * b[3] + a[3] * b[2] + q2 * m[3] + q3 * m[2] + carry;
        carry = Store(result, 1, 4, low, Bits(high, 1));
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 4), Pair(b, 3, 4), Offsets);
        high = MultiplyAdd(q3d, Pair(m, 3, 4), high);
        low = a[3] * b[3] + q3 * m[3] + carry;
        carry = Store(result, 2, 4, low, Bits(high, 0));
        Write(result, 3, 4, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square5(ulong* result, ulong* a, ulong* m, ulong negativeInverse, int doubling)
    {
        Doubles a0d = Beside(a, 0, 5), a1d = Beside(a, 1, 5), a2d = Beside(a, 2, 5), a3d = Beside(a, 3, 5), a4d = Beside(a, 4, 5);
        ulong m0 = m[0] << (64 - LimbBits), spill = 0, z0 = a[0] << 1, z1 = a[1] << 1, z2 = a[2] << 1, z3 = a[3] << 1;
        Doubles z0d = Twice(a, 0, 5), z1d = Twice(a, 1, 5), z2d = Twice(a, 2, 5);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 5), a0d * Diagonal, Offsets);
        ulong low = a[0] * a[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 5), high);
        low = z0 * a[1] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(z0d, a2d, Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 5), a1d * Diagonal, high);
        high = MultiplyAdd(q0d, Pair(m, 2, 5), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 5), high);
        low = z0 * a[2] + a[1] * a[1] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 5), high);
        low = z0 * a[3] + z1 * a[2] + q0 * m[3] + q1 * m[2] + q2 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q3);
        Doubles q3d = Both(q3);
        high = MultiplyAdd(z0d, a4d, Offsets);
        high = MultiplyAdd(z1d, a3d, high);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 5), a2d * Diagonal, high);
        high = MultiplyAdd(q0d, Pair(m, 4, 5), high);
        high = MultiplyAdd(q1d, Pair(m, 3, 5), high);
        high = MultiplyAdd(q2d, Pair(m, 2, 5), high);
        high = MultiplyAdd(q3d, Pair(m, 1, 5), high);
        low = z0 * a[4] + z1 * a[3] + a[2] * a[2] + q0 * m[4] + q1 * m[3] + q2 * m[2] + q3 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q4);
        Doubles q4d = Both(q4);
        high = MultiplyAdd(q4d, Pair(m, 0, 5), high);
        low = z1 * a[4] + z2 * a[3] + q1 * m[4] + q2 * m[3] + q3 * m[2] + q4 * m[1] + carry;
        carry = Store(result, 0, 5, low, Bits(high, 1), doubling, ref spill);
        high = MultiplyAdd(z2d, a4d, Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 5), a3d * Diagonal, high);
        high = MultiplyAdd(q2d, Pair(m, 4, 5), high);
        high = MultiplyAdd(q3d, Pair(m, 3, 5), high);
        high = MultiplyAdd(q4d, Pair(m, 2, 5), high);
        low = z2 * a[4] + a[3] * a[3] + q2 * m[4] + q3 * m[3] + q4 * m[2] + carry;
        carry = Store(result, 1, 5, low, Bits(high, 0), doubling, ref spill);
        low = z3 * a[4] + q3 * m[4] + q4 * m[3] + carry;
        carry = Store(result, 2, 5, low, Bits(high, 1), doubling, ref spill);
        high = MultiplyAdd(ScalarColumn.Both(a, 4, 5), a4d * Diagonal, Offsets);
        high = MultiplyAdd(q4d, Pair(m, 4, 5), high);
        low = a[4] * a[4] + q4 * m[4] + carry;
        carry = Store(result, 3, 5, low, Bits(high, 0), doubling, ref spill);
        Write(result, 4, 5, (carry << doubling) + spill);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply5(ulong* result, ulong* a, ulong* b, ulong* m, ulong negativeInverse)
    {
        ulong m0 = m[0] << (64 - LimbBits);
        Doubles high = MultiplyAdd(ScalarColumn.Both(a, 0, 5), Pair(b, 0, 5), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 5), Pair(b, -1, 5), high);
        ulong low = a[0] * b[0];
        ulong carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q0);
        Doubles q0d = Both(q0);
        high = MultiplyAdd(q0d, Pair(m, 0, 5), high);
        low = a[0] * b[1] + a[1] * b[0] + q0 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q1);
        Doubles q1d = Both(q1);
        high = MultiplyAdd(ScalarColumn.Both(a, 0, 5), Pair(b, 2, 5), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 5), Pair(b, 1, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 5), Pair(b, 0, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 5), Pair(b, -1, 5), high);
        high = MultiplyAdd(q0d, Pair(m, 2, 5), high);
        high = MultiplyAdd(q1d, Pair(m, 1, 5), high);
        low = a[0] * b[2] + a[1] * b[1] + a[2] * b[0] + q0 * m[2] + q1 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q2);
        Doubles q2d = Both(q2);
        high = MultiplyAdd(q2d, Pair(m, 0, 5), high);
        low = a[0] * b[3] + a[1] * b[2] + a[2] * b[1] + a[3] * b[0] + q0 * m[3] + q1 * m[2] + q2 * m[1] + carry;
        carry = Quotient(low, Bits(high, 1), m0, negativeInverse, out ulong q3);
        Doubles q3d = Both(q3);
        high = MultiplyAdd(ScalarColumn.Both(a, 0, 5), Pair(b, 4, 5), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 1, 5), Pair(b, 3, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 5), Pair(b, 2, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 5), Pair(b, 1, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 4, 5), Pair(b, 0, 5), high);
        high = MultiplyAdd(q0d, Pair(m, 4, 5), high);
        high = MultiplyAdd(q1d, Pair(m, 3, 5), high);
        high = MultiplyAdd(q2d, Pair(m, 2, 5), high);
        high = MultiplyAdd(q3d, Pair(m, 1, 5), high);
        low = a[0] * b[4] + a[1] * b[3] + a[2] * b[2] + a[3] * b[1] + a[4] * b[0] + q0 * m[4] + q1 * m[3] + q2 * m[2] + q3 * m[1] + carry;
        carry = Quotient(low, Bits(high, 0), m0, negativeInverse, out ulong q4);
        Doubles q4d = Both(q4);
        high = MultiplyAdd(q4d, Pair(m, 0, 5), high);
        low = a[1] * b[4] + a[2] * b[3] + a[3] * b[2] + a[4] * b[1] + q1 * m[4] + q2 * m[3] + q3 * m[2] + q4 * m[1] + carry;
        carry = Store(result, 0, 5, low, Bits(high, 1));
        high = MultiplyAdd(ScalarColumn.Both(a, 2, 5), Pair(b, 4, 5), Offsets);
        high = MultiplyAdd(ScalarColumn.Both(a, 3, 5), Pair(b, 3, 5), high);
        high = MultiplyAdd(ScalarColumn.Both(a, 4, 5), Pair(b, 2, 5), high);
        high = MultiplyAdd(q2d, Pair(m, 4, 5), high);
        high = MultiplyAdd(q3d, Pair(m, 3, 5), high);
        high = MultiplyAdd(q4d, Pair(m, 2, 5), high);
        low = a[2] * b[4] + a[3] * b[3] + a[4] * b[2] + q2 * m[4] + q3 * m[3] + q4 * m[2] + carry;
        carry = Store(result, 1, 5, low, Bits(high, 0));
        low = a[3] * b[4] + a[4] * b[3] + q3 * m[4] + q4 * m[3] + carry;
        carry = Store(result, 2, 5, low, Bits(high, 1));
        high = MultiplyAdd(ScalarColumn.Both(a, 4, 5), Pair(b, 4, 5), Offsets);
        high = MultiplyAdd(q4d, Pair(m, 4, 5), high);
        low = a[4] * b[4] + q4 * m[4] + carry;
        carry = Store(result, 3, 5, low, Bits(high, 0));
        Write(result, 4, 5, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles MultiplyAdd(Doubles x, Doubles y, Doubles high) => Vector128.FusedMultiplyAdd(x, y, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Both(ulong limb) => Vector128.Create(ToDouble(limb));

    /// <summary>As <see cref="ScalarColumn.Pair"/>, by two loads: one of both would wait until the stores that have just written them are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Beside(ulong* a, int index, int n)
    {
        double* reals = (double*)a + RealsAt(n) + index;
        return Vector128.Create(reals[0], reals[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Twice(ulong* a, int index, int n)
    {
        Doubles limb = ScalarColumn.Both(a, index, n);
        return limb + limb;
    }

    /// <summary>Ends a column of the upper half: stores its limb. Returns the carry into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Store(ulong* result, int index, int n, ulong low, ulong high)
    {
        ulong carry = End(low, high, out ulong limb);
        Write(result, index, n, limb);
        return carry;
    }

    /// <summary>As the other, with the limb shifted and what the limb before it spilled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Store(ulong* result, int index, int n, ulong low, ulong high, int doubling, ref ulong spill)
    {
        ulong carry = End(low, high, out ulong limb);
        limb = (limb << doubling) + spill;
        spill = limb >> LimbBits;
        Write(result, index, n, limb & Mask);
        return carry;
    }
}
