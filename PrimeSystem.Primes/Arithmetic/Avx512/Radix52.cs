using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// One column of a product in radix 2⁵², for eight lanes at once: the sum of 52 × 52-bit products, without an integer multiply-add.
/// </summary>
/// <remarks>
/// <para>Why it is fast: a product costs one <c>vpmullq</c> (its low 64 bits) and one double-precision fused multiply-add onto
/// <see cref="Offset"/> = 2¹¹⁰, whose mantissa then holds the sum of the products in units of 2⁵⁸: two multiplier operations, as many as
/// IFMA's <c>vpmadd52luq</c>/<c>vpmadd52huq</c> pair, which .NET does not expose. The idea of taking the high half from a fused multiply-add
/// is Dekker's exact product (1971) as used by Gueron and Krasnov for vectors of moduli, here with many products in one accumulator.</para>
/// <para>Exactness. Let a column have products pᵢ &lt; 2¹⁰⁴ with weights summing to W ≤ <see cref="MaxWeight"/>. (1) Σp &lt; 61·2¹⁰⁴ &lt; 2¹¹⁰, so
/// the accumulator stays in [2¹¹⁰, 2¹¹¹), where one unit in the last place is 2⁵⁸; each addition errs by at most 2⁵⁷. (2) With H the mantissa,
/// Σp = H·2⁵⁸ + L with |L| ≤ 61·2⁵⁷, so L is the signed 64-bit value of Σ(p mod 2⁶⁴) − H·2⁵⁸, even after a carry below 2⁵⁸ + 2¹² from the
/// column before it is added: 61·2⁵⁷ + 2⁵⁸ + 2¹² &lt; 2⁶³. (3) The next column receives H·2⁶ + ⌊L/2⁵²⌋.</para>
/// </remarks>
internal static class Radix52
{
    public const int LimbBits = 52;
    public const ulong Mask = (1UL << LimbBits) - 1;

    /// <summary>The sum of the weights of the products that one accumulator may collect; a doubled product counts twice.</summary>
    public const int MaxWeight = 61;

    public const int Headroom = 6;
    public const int UnitShift = LimbBits + Headroom;
    private const ulong OffsetBits = (1023UL + 2 * LimbBits + Headroom) << 52;

    /// <summary>2⁸⁹: <see cref="Quotient"/> says why.</summary>
    private const double QuotientScale = (double)(1UL << 45) * (1UL << 44);

    public const ulong MinusOffsetCarry = unchecked(0UL - (OffsetBits << Headroom));

    /// <summary>2¹¹⁰, the empty accumulator of high parts.</summary>
    public static Doubles Offset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(OffsetBits).AsDouble();
    }

    public static Words LimbMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Mask);
    }

    private static Doubles TwoTo52
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create((double)(1UL << LimbBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(ref Words low, ref Doubles high, Words x, Doubles xd, Words y, Doubles yd)
    {
        high = Avx512F.FusedMultiplyAdd(xd, yd, high);
        low += Avx512DQ.MultiplyLow(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words MultiplyLow(Words x, Words y) => Avx512DQ.MultiplyLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles ToDouble(Words limb) => Avx512DQ.ConvertToVector512Double(limb);

    /// <summary>L: what is left of the column below its carry H·2⁶.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Low(Words low, Doubles high) => low - (high.AsUInt64() << UnitShift);

    /// <summary>H·2⁶: the high parts, in units of the next column. The second term takes the bits of the offset away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words HighCarry(Doubles high) => (high.AsUInt64() << Headroom) + Vector512.Create(MinusOffsetCarry);

    /// <summary>⌊L / 2⁵²⌋, signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LowCarry(Words low) => Vector512.ShiftRightArithmetic(low.AsInt64(), LimbBits).AsUInt64();

    /// <summary>Twice an accumulator of high parts: exact, since the mantissa holds small multiples of its unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles Doubled(Doubles high) => Avx512F.FusedMultiplyAdd(high, Vector512.Create(2.0), -Offset);

    /// <summary>2⁸⁹·m₀, for <see cref="Quotient"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles QuotientFactor(Doubles m0) => m0 * Vector512.Create(QuotientScale);

    /// <summary>2⁸⁹·(2¹⁰⁴ − 2⁵²·m₀), for <see cref="Quotient"/>: exact, since 2⁵² − m₀ has 52 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles QuotientOffset(Doubles m0) => (TwoTo52 - m0) * Vector512.Create((1UL << LimbBits) * QuotientScale);

    /// <summary>Ends a column of the lower half with the quotient digit q that makes column + q·m₀ a multiple of 2⁵².</summary>
    /// <remarks>
    /// <para>Short numbers wait for the chain from one digit to the next, so the low half of q·m₀ is not computed and nothing is converted. Let the column be
    /// S = H·2⁵⁸ + L (<see cref="Radix52"/>). S + q·m₀ is a multiple of 2⁵² and q·m₀ mod 2⁵² lies in [0, 2⁵²), so the carry into the next column,
    /// (S + q·m₀) / 2⁵², is H·2⁶ + ⌈L / 2⁵²⌉ + ⌊q·m₀ / 2⁵²⌋.</para>
    /// <para>(1) ⌈L / 2⁵²⌉ = −⌊−L / 2⁵²⌋, the shift of a number below 2⁶³ in size. (2) The bits of q under the exponent of 2⁵² are the double 2⁵² + q. Its
    /// fused multiply-add with m₀ and 2¹⁰⁴ − 2⁵²·m₀ is E = q·m₀ + 2¹⁰⁴ &lt; 2¹⁰⁵ before it is rounded. There one unit in the last place is 2⁵², so rounding
    /// toward zero leaves ⌊q·m₀ / 2⁵²⌋ in the mantissa. (3) The bits of exponents cancel: E is computed times 2⁸⁹, so its exponent is 1023 + 193 = 19·64, that
    /// of the accumulator is 1023 + 110 = 17·64 + 45, and shifted by 6 to H·2⁶ it is worth 45·64 there: 19·64 + 45·64 = 2¹², which is 2⁶⁴ in units of 2⁵².</para>
    /// <para>The chain is a multiplication, a selection of bits, a fused multiply-add and the addition of its result, which should come last.</para>
    /// </remarks>
    /// <param name="low">The sum of low halves and carries.</param>
    /// <param name="high">The accumulator of high parts.</param>
    /// <param name="factor"><see cref="QuotientFactor"/> of the modulus' lowest limb m₀.</param>
    /// <param name="offset"><see cref="QuotientOffset"/> of m₀.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵².</param>
    /// <param name="q">The quotient digit.</param>
    /// <param name="qd">The quotient digit as a double.</param>
    /// <param name="late">The part of the carry that is known last.</param>
    /// <returns>The other part of the carry. Only the sum of both is the carry, modulo 2⁶⁴.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Quotient(
        Words low, Doubles high, Doubles factor, Doubles offset, Words negativeInverse, out Words q, out Doubles qd, out Words late)
    {
        const byte firstAndSecondOrThird = 0xEA;
        Words product = MultiplyLow(low, negativeInverse);
        Doubles aboveTwoTo52 = Avx512F.TernaryLogic(product, LimbMask, TwoTo52.AsUInt64(), firstAndSecondOrThird).AsDouble();
        q = product & LimbMask;
        late = Avx512F.FusedMultiplyAdd(aboveTwoTo52, factor, offset, FloatRoundingMode.ToZero).AsUInt64();
        qd = aboveTwoTo52 - TwoTo52;
        Words bits = high.AsUInt64();
        return (bits << Headroom) - LowCarry((bits << UnitShift) - low);
    }
}
