using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Avx512.Radix52;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// Montgomery multiplication and squaring of two to five limbs, eight lanes: straight-line product scanning over several independent vectors.
/// </summary>
/// <remarks>
/// Why it is fast: up to five limbs everything fits the 32 registers, so nothing is stored between columns, and the quotient digits' long dependency
/// chain is hidden by the next vector, whose instructions the processor takes up meanwhile. Columns have weight 2n ≤ 10 (<see cref="Radix52"/>), and
/// |L| ≤ 10·2⁵⁷ leaves room for the doubling, which is a shift of the finished column. Bounds: 16m²/R + m ≤ 2m for operands below 4m and
/// R ≥ 16m, and twice that below 4m: the top limb needs no mask.
/// <para>The writes to <c>barrier</c> do nothing but keep the compiler from holding every limb it has read in a register: it would spill others to the
/// stack, where vectors are not aligned, at several times the cost of reading the limb again.</para>
/// </remarks>
internal static unsafe class Avx512SmallKernel
{
    public const int MinLimbs = 2;
    public const int MaxLimbs = 5;

    /// <summary>result = 2^doubling · a² / R mod m for each of <paramref name="vectors"/> numbers, below 4m for a below 4m and R ≥ 16m.</summary>
    /// <param name="result">The first result; numbers are 2n vectors each, one after another.</param>
    /// <param name="a">The first number.</param>
    /// <param name="m">The first vector of moduli: n limbs as integers, then as doubles, −1/m mod 2⁵² and <see cref="QuotientOffset"/>.</param>
    /// <param name="doubling">0 or 1 per lane, one vector per number.</param>
    /// <param name="n">Limbs, from 2 to 5.</param>
    /// <param name="vectors">How many numbers.</param>
    /// <param name="isShared">One vector of moduli serves all numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(
        Words* result, Words* a, Words* m, Words* doubling, int n, int vectors, bool isShared)
    {
        int step = 2 * n, modulusStep = isShared ? 0 : step + 2;
        Words* end = result + vectors * step;
        ulong* barrier = stackalloc ulong[1];
        switch (n)
        {
            case 2:
                for (; result < end; result += step, a += step, m += modulusStep)
                    Square2(result, a, m, *doubling++, barrier);
                break;
            case 3:
                for (; result < end; result += step, a += step, m += modulusStep)
                    Square3(result, a, m, *doubling++, barrier);
                break;
            case 4:
                for (; result < end; result += step, a += step, m += modulusStep)
                    Square4(result, a, m, *doubling++, barrier);
                break;
            case 5:
                for (; result < end; result += step, a += step, m += modulusStep)
                    Square5(result, a, m, *doubling++, barrier);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(n));
        }
    }

    /// <summary>result = a · b / R mod m for each of <paramref name="vectors"/> numbers, below 2m for a, b below 4m and R ≥ 16m.</summary>
    /// <inheritdoc cref="Square" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        Words* result, Words* a, Words* b, Words* m, int n, int vectors, bool isShared)
    {
        int step = 2 * n, modulusStep = isShared ? 0 : step + 2;
        Words* end = result + vectors * step;
        ulong* barrier = stackalloc ulong[1];
        switch (n)
        {
            case 2:
                for (; result < end; result += step, a += step, b += step, m += modulusStep)
                    Multiply2(result, a, b, m, barrier);
                break;
            case 3:
                for (; result < end; result += step, a += step, b += step, m += modulusStep)
                    Multiply3(result, a, b, m, barrier);
                break;
            case 4:
                for (; result < end; result += step, a += step, b += step, m += modulusStep)
                    Multiply4(result, a, b, m, barrier);
                break;
            case 5:
                for (; result < end; result += step, a += step, b += step, m += modulusStep)
                    Multiply5(result, a, b, m, barrier);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(n));
        }
    }

    /// <summary>
    /// result = factor · a² / R mod m for numbers of two limbs, with a factor up to 64 per lane. For m &lt; R/2²⁰ and a &lt; 128m the square leaves
    /// 128²m²/R + m &lt; 2m, hence result &lt; 128m again; the limbs are scaled after they are normalised, so no column exceeds 58 bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareScale(Words* result, Words* a, Words* m, Words* factors, int vectors)
    {
        ulong* barrier = stackalloc ulong[1];
        for (Words* end = result + 4 * vectors; result < end; result += 4, a += 4, m += 6, factors++)
        {
            Square2(result, a, m, Words.Zero, barrier);
            Words low = MultiplyLow(result[0], *factors), limb = low & LimbMask;
            Words high = MultiplyLow(result[1], *factors) + (low >>> LimbBits);
            result[0] = limb;
            result[1] = high;
            ((Doubles*)result)[2] = ToDouble(limb);
            ((Doubles*)result)[3] = ToDouble(high);
        }
    }

    /// <summary>A column's first product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Begin(Words x, Doubles xd, Words y, Doubles yd, out Doubles high)
    {
        high = Avx512F.FusedMultiplyAdd(xd, yd, Offset);
        return MultiplyLow(x, y);
    }

    /// <summary>Stores a limb of the result; returns the carry of the column's high parts and adds the rest of the column to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Store(Words* result, int n, Words column, Doubles high, ref Words rest)
    {
        column += rest;
        Words limb = column & LimbMask;
        *result = limb;
        ((Doubles*)result)[n] = ToDouble(limb);
        rest = LowCarry(column);
        return HighCarry(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Store(Words* result, int n, Words column, Doubles high, Words doubling, ref Words rest) =>
        Store(result, n, Avx512F.ShiftLeftLogicalVariable(column, doubling), high, ref rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square2(Words* result, Words* a, Words* m, Words doubling, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 2, md = (Doubles*)m + 2; Words negativeInverse = m[4]; Doubles offset = md[3];
        Words z0 = a[0] + a[0];
        Doubles z0d = ad[0] + ad[0];
        Words low = Begin(a[0], ad[0], a[0], ad[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(z0, z0d, a[1], ad[1], out high);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late) + late;
        low = Begin(a[1], ad[1], a[1], ad[1], out high);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 2, Low(low, high) + carry, high, doubling, ref rest);
        low = Avx512F.ShiftLeftLogicalVariable(carry, doubling) + rest;
        result[1] = low;
        ((Doubles*)result)[3] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply2(Words* result, Words* a, Words* b, Words* m, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 2, bd = (Doubles*)b + 2, md = (Doubles*)m + 2; Words negativeInverse = m[4]; Doubles offset = md[3];
        Words low = Begin(a[0], ad[0], b[0], bd[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[1], bd[1], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late) + late;
        low = Begin(a[1], ad[1], b[1], bd[1], out high);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 2, Low(low, high) + carry, high, ref rest);
        low = carry + rest;
        result[1] = low;
        ((Doubles*)result)[3] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square3(Words* result, Words* a, Words* m, Words doubling, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 3, md = (Doubles*)m + 3; Words negativeInverse = m[6]; Doubles offset = md[4];
        Words z0 = a[0] + a[0], z1 = a[1] + a[1];
        Doubles z0d = ad[0] + ad[0], z1d = ad[1] + ad[1];
        Words low = Begin(a[0], ad[0], a[0], ad[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(z0, z0d, a[1], ad[1], out high);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[2], ad[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], a[1], ad[1]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late) + late;
        low = Begin(z1, z1d, a[2], ad[2], out high);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 3, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(a[2], ad[2], a[2], ad[2], out high);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        carry = Store(result + 1, 3, Low(low, high) + carry, high, doubling, ref rest);
        low = Avx512F.ShiftLeftLogicalVariable(carry, doubling) + rest;
        result[2] = low;
        ((Doubles*)result)[5] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply3(Words* result, Words* a, Words* b, Words* m, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 3, bd = (Doubles*)b + 3, md = (Doubles*)m + 3; Words negativeInverse = m[6]; Doubles offset = md[4];
        Words low = Begin(a[0], ad[0], b[0], bd[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[1], bd[1], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[2], bd[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late) + late;
        low = Begin(a[1], ad[1], b[2], bd[2], out high);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 3, Low(low, high) + carry, high, ref rest);
        low = Begin(a[2], ad[2], b[2], bd[2], out high);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        carry = Store(result + 1, 3, Low(low, high) + carry, high, ref rest);
        low = carry + rest;
        result[2] = low;
        ((Doubles*)result)[5] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(Words* result, Words* a, Words* m, Words doubling, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 4, md = (Doubles*)m + 4; Words negativeInverse = m[8]; Doubles offset = md[5];
        Words z0 = a[0] + a[0], z1 = a[1] + a[1], z2 = a[2] + a[2];
        Doubles z0d = ad[0] + ad[0], z1d = ad[1] + ad[1], z2d = ad[2] + ad[2];
        Words low = Begin(a[0], ad[0], a[0], ad[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(z0, z0d, a[1], ad[1], out high);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[2], ad[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], a[1], ad[1]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[3], ad[3], out high);
        MultiplyAdd(ref low, ref high, z1, z1d, a[2], ad[2]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q3, out Doubles q3d, out late) + late;
        low = Begin(z1, z1d, a[3], ad[3], out high);
        MultiplyAdd(ref low, ref high, a[2], ad[2], a[2], ad[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 4, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(z2, z2d, a[3], ad[3], out high);
        MultiplyAdd(ref low, ref high, q2, q2d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[2], md[2]);
        carry = Store(result + 1, 4, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(a[3], ad[3], a[3], ad[3], out high);
        MultiplyAdd(ref low, ref high, q3, q3d, m[3], md[3]);
        carry = Store(result + 2, 4, Low(low, high) + carry, high, doubling, ref rest);
        low = Avx512F.ShiftLeftLogicalVariable(carry, doubling) + rest;
        result[3] = low;
        ((Doubles*)result)[7] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply4(Words* result, Words* a, Words* b, Words* m, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 4, bd = (Doubles*)b + 4, md = (Doubles*)m + 4; Words negativeInverse = m[8]; Doubles offset = md[5];
        Words low = Begin(a[0], ad[0], b[0], bd[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[1], bd[1], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[2], bd[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[3], bd[3], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q3, out Doubles q3d, out late) + late;
        low = Begin(a[1], ad[1], b[3], bd[3], out high);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 4, Low(low, high) + carry, high, ref rest);
        low = Begin(a[2], ad[2], b[3], bd[3], out high);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[2], md[2]);
        carry = Store(result + 1, 4, Low(low, high) + carry, high, ref rest);
        low = Begin(a[3], ad[3], b[3], bd[3], out high);
        MultiplyAdd(ref low, ref high, q3, q3d, m[3], md[3]);
        carry = Store(result + 2, 4, Low(low, high) + carry, high, ref rest);
        low = carry + rest;
        result[3] = low;
        ((Doubles*)result)[7] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square5(Words* result, Words* a, Words* m, Words doubling, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 5, md = (Doubles*)m + 5; Words negativeInverse = m[10]; Doubles offset = md[6];
        Words z0 = a[0] + a[0], z1 = a[1] + a[1], z2 = a[2] + a[2], z3 = a[3] + a[3];
        Doubles z0d = ad[0] + ad[0], z1d = ad[1] + ad[1], z2d = ad[2] + ad[2], z3d = ad[3] + ad[3];
        Words low = Begin(a[0], ad[0], a[0], ad[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(z0, z0d, a[1], ad[1], out high);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[2], ad[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], a[1], ad[1]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[3], ad[3], out high);
        MultiplyAdd(ref low, ref high, z1, z1d, a[2], ad[2]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q3, out Doubles q3d, out late);
        *barrier = 0;
        low = Begin(z0, z0d, a[4], ad[4], out high);
        MultiplyAdd(ref low, ref high, z1, z1d, a[3], ad[3]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], a[2], ad[2]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q4, out Doubles q4d, out late) + late;
        low = Begin(z1, z1d, a[4], ad[4], out high);
        MultiplyAdd(ref low, ref high, z2, z2d, a[3], ad[3]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 5, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(z2, z2d, a[4], ad[4], out high);
        MultiplyAdd(ref low, ref high, a[3], ad[3], a[3], ad[3]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[2], md[2]);
        carry = Store(result + 1, 5, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(z3, z3d, a[4], ad[4], out high);
        MultiplyAdd(ref low, ref high, q3, q3d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[3], md[3]);
        carry = Store(result + 2, 5, Low(low, high) + carry, high, doubling, ref rest);
        low = Begin(a[4], ad[4], a[4], ad[4], out high);
        MultiplyAdd(ref low, ref high, q4, q4d, m[4], md[4]);
        carry = Store(result + 3, 5, Low(low, high) + carry, high, doubling, ref rest);
        low = Avx512F.ShiftLeftLogicalVariable(carry, doubling) + rest;
        result[4] = low;
        ((Doubles*)result)[9] = ToDouble(low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply5(Words* result, Words* a, Words* b, Words* m, ulong* barrier)
    {
        Doubles* ad = (Doubles*)a + 5, bd = (Doubles*)b + 5, md = (Doubles*)m + 5; Words negativeInverse = m[10]; Doubles offset = md[6];
        Words low = Begin(a[0], ad[0], b[0], bd[0], out Doubles high);
        Words carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q0, out Doubles q0d, out Words late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[1], bd[1], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q1, out Doubles q1d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[2], bd[2], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q2, out Doubles q2d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[3], bd[3], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q3, out Doubles q3d, out late);
        *barrier = 0;
        low = Begin(a[0], ad[0], b[4], bd[4], out high);
        MultiplyAdd(ref low, ref high, a[1], ad[1], b[3], bd[3]);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, a[4], ad[4], b[0], bd[0]);
        MultiplyAdd(ref low, ref high, q0, q0d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[1], md[1]);
        low += carry;
        low += late;
        carry = Quotient(low, high, md[0], offset, negativeInverse, out Words q4, out Doubles q4d, out late) + late;
        low = Begin(a[1], ad[1], b[4], bd[4], out high);
        MultiplyAdd(ref low, ref high, a[2], ad[2], b[3], bd[3]);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, a[4], ad[4], b[1], bd[1]);
        MultiplyAdd(ref low, ref high, q1, q1d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[2], md[2]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[1], md[1]);
        Words rest = Words.Zero;
        carry = Store(result, 5, Low(low, high) + carry, high, ref rest);
        low = Begin(a[2], ad[2], b[4], bd[4], out high);
        MultiplyAdd(ref low, ref high, a[3], ad[3], b[3], bd[3]);
        MultiplyAdd(ref low, ref high, a[4], ad[4], b[2], bd[2]);
        MultiplyAdd(ref low, ref high, q2, q2d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[3], md[3]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[2], md[2]);
        carry = Store(result + 1, 5, Low(low, high) + carry, high, ref rest);
        low = Begin(a[3], ad[3], b[4], bd[4], out high);
        MultiplyAdd(ref low, ref high, a[4], ad[4], b[3], bd[3]);
        MultiplyAdd(ref low, ref high, q3, q3d, m[4], md[4]);
        MultiplyAdd(ref low, ref high, q4, q4d, m[3], md[3]);
        carry = Store(result + 2, 5, Low(low, high) + carry, high, ref rest);
        low = Begin(a[4], ad[4], b[4], bd[4], out high);
        MultiplyAdd(ref low, ref high, q4, q4d, m[4], md[4]);
        carry = Store(result + 3, 5, Low(low, high) + carry, high, ref rest);
        low = carry + rest;
        result[4] = low;
        ((Doubles*)result)[9] = ToDouble(low);
    }
}
