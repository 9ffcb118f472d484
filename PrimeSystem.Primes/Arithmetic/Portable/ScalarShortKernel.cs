namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>
/// Montgomery multiplication and squaring of three to ten limbs, two lanes: product scanning in straight-line code, one pair of numbers after another.
/// The methods are generated (<see cref="StraightLineAttribute"/>).
/// </summary>
/// <remarks>
/// <para>A number is n limbs and a zero. A modulus is n limbs, a zero, −1/m mod 2⁵², and the n limbs that digits are folded with.</para>
/// <para>Bounds: a column collects products of weight 3n at most, 2n of a doubled square and n of the reduction (<see cref="ScalarColumn.MaxWeight"/>).
/// For operands below 4m and R ≥ 16m a product is below 2m, a square below 3m, and a doubled square below 4m: (2·16m²)/R + 2m.</para>
/// </remarks>
[StraightLine(Kernel.Scalar, MinLimbs, MaxLimbs)]
internal static unsafe partial class ScalarShortKernel
{
    public const int MinLimbs = 3;
    public const int MaxLimbs = ScalarColumn.MaxWeight / 3;

    /// <summary>The method that squares numbers of so many limbs, or null: (result, a, m, step to the next modulus, pairs). In place is allowed.</summary>
    public static partial delegate*<LimbPair*, LimbPair*, LimbPair*, int, int, void> Squaring(int limbs);

    /// <summary>The method that squares and doubles, or null: (result, a, which lanes double, m, step to the next modulus, pairs). In place is allowed.</summary>
    public static partial delegate*<LimbPair*, LimbPair*, Doubling*, LimbPair*, int, int, void> DoublingSquaring(int limbs);

    /// <summary>The method that multiplies, or null: (result, a, b, m, step to the next modulus, pairs). In place is allowed.</summary>
    public static partial delegate*<LimbPair*, LimbPair*, LimbPair*, LimbPair*, int, int, void> Multiplication(int limbs);
}
