namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Marks a class whose methods PrimeSystem.Primes.Generator writes when this project is built: straight-line code for each number of limbs in a range.
/// The code can be read in <c>obj/…/generated</c>.
/// </summary>
/// <param name="minLimbs">The fewest limbs.</param>
/// <param name="maxLimbs">The most limbs.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StraightLineAttribute(int minLimbs, int maxLimbs) : Attribute
{
    public int MinLimbs { get; } = minLimbs;

    public int MaxLimbs { get; } = maxLimbs;
}
