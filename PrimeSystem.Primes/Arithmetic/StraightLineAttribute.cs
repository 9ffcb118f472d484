namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Marks a class whose methods PrimeSystem.Primes.Generator writes when this project is built: Montgomery multiplication and squaring in straight-line
/// code, for each number of limbs in a range. The code can be read in <c>obj/…/generated</c>.
/// </summary>
/// <param name="kernel">The arithmetic of a column.</param>
/// <param name="minLimbs">The fewest limbs.</param>
/// <param name="maxLimbs">The most limbs.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StraightLineAttribute(Kernel kernel, int minLimbs, int maxLimbs) : Attribute
{
    public Kernel Kernel { get; } = kernel;

    public int MinLimbs { get; } = minLimbs;

    public int MaxLimbs { get; } = maxLimbs;

    /// <summary>Digits f of a square that need no quotient without AVX-512. Then 1/B^(n − f) mod m follows the modulus m, in radix B.</summary>
    public static int FoldedDigits(int n) => n / 2;
}
