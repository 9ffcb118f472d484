using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;
using X86 = System.Runtime.Intrinsics.X86;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>
/// Products of limbs in radix 2⁵¹, four lanes at once, with nothing but double-precision fused multiply-adds: AVX2 has no 64-bit multiplication.
/// </summary>
/// <remarks>
/// <para>Why it is fast: x·y added to 2¹⁰³ leaves H = round(x·y / 2⁵¹) in the mantissa; the exact rest L = x·y − H·2⁵¹, at most 2⁵⁰ in size, is a second
/// fused multiply-add (Dekker 1971; Gueron, Krasnov 2012). Both are summed as 64-bit integers, bits of exponents included. What the exponents
/// add is a known bias, which is subtracted once per column or block (<see cref="LowBias"/>, <see cref="HighBias"/>).</para>
/// <para>Exactness: with x ≤ 2⁵¹ and y ≤ 2⁵² the product is below 2¹⁰³, so the sum lies in [2¹⁰³, 2¹⁰⁴), where one unit in the last place is 2⁵¹.</para>
/// </remarks>
internal static unsafe class Radix51
{
    public const int LimbBits = 51;
    public const ulong Mask = (1UL << LimbBits) - 1;

    /// <summary>The bits of 1.5·2⁵², to which L is added, and of 2¹⁰³, to which H is.</summary>
    public const ulong LowBias = 0x4338_0000_0000_0000, HighBias = 0x4660_0000_0000_0000;

    /// <summary>Vectors that follow the limbs of a modulus: <see cref="SetQuotientConstants"/>.</summary>
    public const int QuotientConstants = 5;

    private const ulong TwoTo52 = 0x4330_0000_0000_0000;

    public static bool IsSupported => X86.Avx2.IsSupported && Fma.IsSupported;

    public static Doubles HighOffset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(HighBias).AsDouble();
    }

    /// <summary>2¹⁰³ + 1.5·2⁵²: three units in the last place of 2¹⁰³ more.</summary>
    public static Doubles LowOffset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(HighBias + 3).AsDouble();
    }

    public static Words LimbMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(Mask);
    }

    /// <summary>low += L and high += H, both with their bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAddBiased(ref Words low, ref Words high, Doubles x, Doubles y, Doubles highOffset, Doubles lowOffset)
    {
        Doubles h = Fma.MultiplyAdd(x, y, highOffset);
        high += h.AsUInt64();
        low += Fma.MultiplyAdd(x, y, lowOffset - h).AsUInt64();
    }

    /// <summary>low += L and high += H.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(ref Words low, ref Words high, Doubles x, Doubles y, Doubles highOffset, Doubles lowOffset)
    {
        MultiplyAddBiased(ref low, ref high, x, y, highOffset, lowOffset);
        low -= Vector256.Create(LowBias);
        high -= Vector256.Create(HighBias);
    }

    /// <summary>A limb below 2⁵² as a double: its bits under the exponent of 2⁵², minus 2⁵².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles ToDouble(Words limb) =>
        (limb | Vector256.Create(TwoTo52)).AsDouble() - Vector256.Create(TwoTo52).AsDouble();

    /// <summary>⌊x / 2⁵¹⌋ for a signed 64-bit x, by a logical shift of x + 2⁶³: AVX2 has no arithmetic one for 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Carry(Words x) => ((x + Vector256.Create(1UL << 63)) >>> LimbBits) - Vector256.Create(1UL << (63 - LimbBits));

    /// <summary>Writes what <see cref="Quotient"/> needs of a modulus: <see cref="QuotientConstants"/> vectors.</summary>
    /// <param name="constants">Where they go. The first, −1/m mod 2⁵¹, is there already.</param>
    /// <param name="m0">The lowest limb of the modulus.</param>
    public static void SetQuotientConstants(Doubles* constants, Doubles m0)
    {
        Doubles inverse = constants[0], exponent = Vector256.Create(TwoTo52).AsDouble();
        constants[1] = HighOffset - exponent * inverse;
        constants[2] = LowOffset - exponent * inverse;
        constants[3] = HighOffset - exponent * m0;
        constants[4] = Rounding(m0).AsDouble();
    }

    /// <summary>
    /// Ends a column of the lower half: the quotient digit q with q·m₀ ≡ −column (mod 2⁵¹); returns the carry into the next column.
    /// </summary>
    /// <remarks>
    /// <para>Short numbers wait for the chain from digit to digit, so L of q·m₀ = H·2⁵¹ + L is not computed. It cancels what the column has below 2⁵¹, and as
    /// it lies between −2⁵⁰ and 2⁵⁰, column + L is the column rounded to a multiple of 2⁵¹. Half-way between two multiples q is 2⁵⁰, the product
    /// m₀/2 in units of 2⁵¹, and H its neighbour that is even: the lower one, so that L = 2⁵⁰ and the column is rounded up, if m₀ mod 4 = 1, and the
    /// upper one if it is 3.</para>
    /// <para>Nor does the chain wait for conversions: the bits of a digit d under the exponent of 2⁵² are the double 2⁵² + d, and what d is multiplied with is
    /// subtracted 2⁵² times from the offset. The three offsets and their differences with a high half are multiples of 2⁵¹ of at most 2¹⁰⁴ in
    /// size, hence exact, and a fused multiply-add rounds only its sum, which is the same as before.</para>
    /// </remarks>
    /// <param name="column">The sum of the column's products and carries, signed.</param>
    /// <param name="m0">The lowest limb of the modulus.</param>
    /// <param name="constants"><see cref="SetQuotientConstants"/>.</param>
    /// <param name="q">The quotient digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Quotient(Words column, Doubles m0, Doubles* constants, out Doubles q)
    {
        Words exponent = Vector256.Create(TwoTo52);
        Doubles digit = ((column & LimbMask) | exponent).AsDouble(), inverse = constants[0];
        Doubles h = Fma.MultiplyAdd(digit, inverse, constants[1]);
        // The low 51 bits of the product; those of the bias are zero.
        Doubles aboveTwoTo52 = ((Fma.MultiplyAdd(digit, inverse, constants[2] - h).AsUInt64() & LimbMask) | exponent).AsDouble();
        q = aboveTwoTo52 - exponent.AsDouble();
        // An arithmetic shift as in Carry: the rounding has the 2⁶³.
        return ((column + constants[4].AsUInt64()) >>> LimbBits) - Vector256.Create((1UL << (63 - LimbBits)) + HighBias)
            + Fma.MultiplyAdd(aboveTwoTo52, m0, constants[3]).AsUInt64();
    }

    /// <summary>The bias that so many products have added to the sum of low halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LowBiasOf(int products) => Vector256.Create((ulong)products * LowBias);

    /// <summary>The bias that so many products have added to the sum of high halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words HighBiasOf(int products) => Vector256.Create((ulong)products * HighBias);

    /// <summary>Shifts each lane by a count of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words ShiftLeft(Words x, Words counts) => X86.Avx2.ShiftLeftLogicalVariable(x, counts);

    /// <summary>What <see cref="Quotient"/> adds to a column, so that its shift rounds as the product's high half does: see there.</summary>
    private static Words Rounding(Doubles m0) =>
        Vector256.Create((1UL << 63) + (1UL << (LimbBits - 1))) - ((ToBits(m0) >>> 1) & Words.One);

    /// <summary>A limb in the low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words ToBits(Doubles limb) => (limb + Vector256.Create(TwoTo52).AsDouble()).AsUInt64();
}
