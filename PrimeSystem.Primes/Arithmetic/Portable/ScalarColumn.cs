using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>
/// One column of a product in radix 2⁵² for two lanes: low halves of products from the integer multiplier, high halves from a fused multiply-add of both lanes.
/// </summary>
/// <remarks>
/// <para>Why it is fast: .NET has no addition with carry, and finding a carry by comparison costs more than the product it belongs to. Here none occurs.
/// The low halves are summed modulo 2⁶⁴, the high halves in the mantissas of doubles, by a multiplier of the processor that would be idle. Two lanes share
/// the multiply-add, and while one waits for its quotient digit the other continues.</para>
/// <para>Exactness, as in <c>Radix52</c> with other constants. Let a column have products pᵢ &lt; 2¹⁰⁴ with weights summing to W ≤ <see cref="MaxWeight"/>.
/// (1) The doubles of limbs are 2¹⁰ times the limbs, products 2²⁰ times as large, and Σp·2²⁰ ≤ 31·2¹²⁴ &lt; 2¹²⁹: the accumulator stays in [2¹²⁹, 2¹³⁰), where
/// one unit in the last place is 2⁷⁷, which stands for 2⁵⁷; each addition errs by at most 2⁵⁶, and a doubling doubles that and the weight. (2) With H the mantissa,
/// Σp = H·2⁵⁷ + L with |L| ≤ 31·2⁵⁶, so L is the signed 64-bit value of Σ(p mod 2⁶⁴) − H·2⁵⁷, even after a carry below 2⁵⁸ from the column before it is
/// added. (3) The next column receives H·2⁵ + ⌊L/2⁵²⌋.</para>
/// <para>Why 2¹⁰: the accumulator's exponent is 1023 + 129 = 9·2⁷, so its bits shifted by 5 or more are those of H alone, and no offset has to be removed.</para>
/// </remarks>
internal static unsafe class ScalarColumn
{
    public const int LimbBits = 52;
    public const ulong Mask = (1UL << LimbBits) - 1;

    /// <summary>The sum of the weights of the products that one accumulator may collect; a doubled product counts twice.</summary>
    public const int MaxWeight = 31;

    private const int Headroom = 5, UnitShift = LimbBits + Headroom, ScaleBits = 10, ExponentBias = 1023;
    private const ulong OffsetBits = (ExponentBias + 2UL * (LimbBits + ScaleBits) + Headroom) << LimbBits;

    /// <summary>The bits of 2⁶², a double whose unit in the last place is 2¹⁰. A limb becomes a double in its mantissa.</summary>
    private const ulong RealBits = (ExponentBias + (ulong)(LimbBits + ScaleBits)) << LimbBits;

    /// <summary>2¹²⁹, the empty accumulator of high parts.</summary>
    public static Doubles Offset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(OffsetBits).AsDouble();
    }

    /// <summary>Twice an accumulator of high parts: exact, since the mantissa holds small multiples of its unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles Doubled(Doubles high) => Vector128.FusedMultiplyAdd(high, Vector128.Create(2.0), -Offset);

    /// <summary>Two limbs as doubles, times 2¹⁰. A third faster than two conversions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles ToReals(ulong first, ulong second) =>
        (Vector128.Create(first, second) | Vector128.Create(RealBits)).AsDouble() - Vector128.Create(RealBits).AsDouble();

    /// <summary>
    /// Ends a column of the lower half: chooses the quotient digits q with q·m₀ ≡ −column (mod 2⁵²) and returns the carries.
    /// </summary>
    /// <param name="low0">Low halves and the carry from the previous column.</param>
    /// <param name="low1">The same of the second lane.</param>
    /// <param name="high">The accumulator of high parts.</param>
    /// <param name="m0">The lowest limbs of the moduli.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵².</param>
    /// <param name="q">Where the digits go.</param>
    /// <param name="carry0">The carry into the next column.</param>
    /// <param name="carry1">The same of the second lane.</param>
    /// <remarks>
    /// The chain from digit to digit is what short numbers wait for, so q·m₀ is not summed like the other products: its low half and the column's
    /// cancel, which carries 1 unless both are zero, and its high half is that of q · 2¹²·m₀. Minus the shift of the negative rounds up, which is that 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quotient(
        ulong low0, ulong low1, Doubles high, LimbPair* m0, LimbPair* negativeInverse, LimbPair* q, out ulong carry0, out ulong carry1)
    {
        // The high parts are multiples of 2⁵⁷: the digits do not wait for them.
        ulong high0 = high.AsUInt64().GetElement(0), high1 = high.AsUInt64().GetElement(1);
        ulong q0 = (low0 * negativeInverse->First) & Mask, q1 = (low1 * negativeInverse->Second) & Mask;
        low0 = (high0 << UnitShift) - low0;
        low1 = (high1 << UnitShift) - low1;
        carry0 = (high0 << Headroom) - (ulong)((long)low0 >> LimbBits) + WordArithmetic.High(q0, m0->First << (64 - LimbBits));
        carry1 = (high1 << Headroom) - (ulong)((long)low1 >> LimbBits) + WordArithmetic.High(q1, m0->Second << (64 - LimbBits));
        q->First = q0;
        q->Second = q1;
        q->Reals = ToReals(q0, q1);
    }

    /// <summary>Ends a column: its limbs, and the carries into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End(ulong low0, ulong low1, Doubles high, LimbPair* limb, out ulong carry0, out ulong carry1)
    {
        ulong high0 = high.AsUInt64().GetElement(0), high1 = high.AsUInt64().GetElement(1);
        low0 -= high0 << UnitShift;
        low1 -= high1 << UnitShift;
        carry0 = (ulong)((long)low0 >> LimbBits) + (high0 << Headroom);
        carry1 = (ulong)((long)low1 >> LimbBits) + (high1 << Headroom);
        low0 &= Mask;
        low1 &= Mask;
        limb->First = low0;
        limb->Second = low1;
        limb->Reals = ToReals(low0, low1);
    }

    /// <summary>Empties an accumulator: the limb stays. Returns the carry into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Flush(ref ulong low, Doubles high, int lane)
    {
        ulong bits = high.AsUInt64().GetElement(lane), rest = low - (bits << UnitShift);
        low = rest & Mask;
        return (ulong)((long)rest >> LimbBits) + (bits << Headroom);
    }
}
