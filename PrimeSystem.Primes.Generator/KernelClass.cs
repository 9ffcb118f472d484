using Microsoft.CodeAnalysis;

namespace PrimeSystem.Primes.Generator;

/// <summary>A class that is to be completed. Compared by value, so that an edit elsewhere does not run the generator again.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="MinLimbs">The fewest limbs to write methods for.</param>
/// <param name="MaxLimbs">The most limbs.</param>
internal record struct KernelClass(string Namespace, string Name, int MinLimbs, int MaxLimbs)
{
    public static KernelClass Of(GeneratorAttributeSyntaxContext target)
    {
        var limbs = target.Attributes[0].ConstructorArguments;
        return new KernelClass(
            target.TargetSymbol.ContainingNamespace.ToDisplayString(), target.TargetSymbol.Name, (int)limbs[0].Value!, (int)limbs[1].Value!);
    }
}
