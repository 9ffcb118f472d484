using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>One column of a product in radix 2⁵² for one lane: what <see cref="Radix52"/> is for eight, with the bounds that are proven there.</summary>
/// <remarks>
/// Why it is fast: .NET has no addition with carry, and carries that are compared out cost more than the product they belong to. Here none
/// occurs: the low halves are summed modulo 2⁶⁴, the high halves in the mantissa of a double, by the other multiplier of the processor, which would be idle.
/// A product is one integer multiplication, one addition and one fused multiply-add.
/// </remarks>
internal static class ScalarColumn
{
    public const int LimbBits = Radix52.LimbBits;
    public const ulong Mask = Radix52.Mask;

    /// <summary>Zeros before and after a number's integers and its doubles: what lies beyond the edges of a product of two columns.</summary>
    public const int PadBefore = 1, PadAfter = 2;

    /// <summary>2¹¹⁰, the empty accumulator of high parts.</summary>
    public const double Offset = (double)(1UL << 55) * (1UL << 55);

    /// <summary>The limbs y[index], y[index + 1] as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Doubles Pair(ulong* y, int index, int n) => Vector128.Load((double*)y + (RealsAt(n) + index));

    /// <summary>A limb as a double, for two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Doubles Both(ulong* x, int index, int n) => Vector128.Create(((double*)x)[RealsAt(n) + index]);

    /// <summary>Bits of the accumulator of high parts of the first or the second of two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Doubles high, int column) => high.AsUInt64().GetElement(column);

    /// <summary>Where the doubles of a number of n limbs begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RealsAt(int n) => n + PadBefore + PadAfter;

    /// <summary>Writes a limb in both its forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Write(ulong* number, int index, int n, ulong limb)
    {
        number[index] = limb;
        ((double*)number)[RealsAt(n) + index] = ToDouble(limb);
    }

    /// <summary>A limb as a double. Signed: from an unsigned word the conversion takes twice the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(ulong limb) => (long)limb;

    /// <summary>
    /// Ends a column of the lower half: chooses the quotient digit q with q·m₀ ≡ −column (mod 2⁵²), adds q·m₀ and returns the carry.
    /// </summary>
    /// <param name="low">Low halves and the carry from the column before.</param>
    /// <param name="high">The bits of the accumulator of high parts.</param>
    /// <param name="shiftedM0">2¹²·m₀.</param>
    /// <param name="negativeInverse">−1/m mod 2⁵².</param>
    /// <param name="q">The quotient digit.</param>
    /// <remarks>
    /// The chain from digit to digit is what short numbers wait for, so q·m₀ is not summed like the other products: its low half and the column's
    /// cancel, which carries 1 unless both are zero, and its high half is that of q · 2¹²·m₀. Adding 2⁵² − 1 before the shift rounds up, which is that 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Quotient(ulong low, ulong high, ulong shiftedM0, ulong negativeInverse, out ulong q)
    {
        // The high parts are multiples of 2⁵⁸: the digit does not wait for them.
        q = (low * negativeInverse) & Mask;
        ulong rest = low - (high << Radix52.UnitShift);
        // Not WordArithmetic.High: for a lone product at the end of a chain it was 7% slower at five limbs.
        return (ulong)((long)(rest + Mask) >> LimbBits) + HighCarry(high) + Math.BigMul(q, shiftedM0, out _);
    }

    /// <summary>Ends a column: its limb. Returns the carry into the next column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong End(ulong low, ulong high, out ulong limb)
    {
        ulong rest = low - (high << Radix52.UnitShift);
        limb = rest & Mask;
        return (ulong)((long)rest >> LimbBits) + HighCarry(high);
    }

    /// <summary>The high parts in units of the next column. The second term takes the bits of the offset away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HighCarry(ulong high) => (high << Radix52.Headroom) + Radix52.MinusOffsetCarry;
}
