using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>
/// Montgomery multiplication and squaring of three to twelve limbs, four lanes: product scanning in straight-line code, one vector of numbers after another.
/// The methods are generated (<see cref="StraightLineAttribute"/>).
/// </summary>
/// <remarks>
/// <para>A number is n vectors of doubles. A modulus is n limbs, <see cref="Radix51.SetQuotientConstants"/>, and the n limbs that digits are folded with.</para>
/// <para>Bounds: products of weight at most 3n meet in a column (2n of the square when it is doubled, n of the reduction), as in <see cref="Avx2Kernel"/>.
/// For operands below 4m and R ≥ 16m a product is below 2m, a square below 3m, and a doubled square below 4m: (2·16m²)/R + 2m.</para>
/// </remarks>
[StraightLine(Kernel.Avx2, MinLimbs, MaxLimbs)]
internal static unsafe partial class Avx2ShortKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = 12;

    /// <summary>The method that squares numbers of so many limbs, or null: (result, a, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Doubles*, Doubles*, Doubles*, int, int, void> Squaring(int limbs);

    /// <summary>The method that squares and doubles, or null: (result, a, 0 or 1 per lane, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Doubles*, Doubles*, Words*, Doubles*, int, int, void> DoublingSquaring(int limbs);

    /// <summary>The method that multiplies, or null: (result, a, b, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Doubles*, Doubles*, Doubles*, Doubles*, int, int, void> Multiplication(int limbs);
}
