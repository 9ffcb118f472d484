using Microsoft.CodeAnalysis;

namespace PrimeSystem.Primes.Generator;

/// <summary>A class that is to be completed. Compared by value, so that an edit elsewhere does not run the generator again.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kernel">The arithmetic, a value of <c>Kernel</c>.</param>
/// <param name="MinLimbs">The fewest limbs to write methods for.</param>
/// <param name="MaxLimbs">The most limbs.</param>
internal record struct KernelClass(string Namespace, string Name, int Kernel, int MinLimbs, int MaxLimbs)
{
    public static KernelClass Of(GeneratorAttributeSyntaxContext target)
    {
        int[] arguments = [.. target.Attributes[0].ConstructorArguments.Select(argument => (int)argument.Value!)];
        return new KernelClass(
            target.TargetSymbol.ContainingNamespace.ToDisplayString(), target.TargetSymbol.Name, arguments[0], arguments[1], arguments[2]);
    }

    public readonly StraightLineMethod Method(Operation operation, int limbs) => Kernel switch
    {
        0 => new ScalarMethod(operation, limbs),
        1 => new Avx2Method(operation, limbs),
        _ => new Avx512Method(operation, limbs),
    };
}
