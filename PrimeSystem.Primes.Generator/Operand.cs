namespace PrimeSystem.Primes.Generator;

/// <summary>One limb in a product: of an operand (a, b), of the modulus (m), of what digits are folded with (x), or a digit of the quotient (q).</summary>
/// <param name="Array">The letter.</param>
/// <param name="Index">Which limb.</param>
/// <param name="IsLocal">It is a local variable.</param>
internal record struct Operand(char Array, int Index, bool IsLocal = false)
{
    public override readonly string ToString() => IsLocal ? $"{Array}{Index}" : $"{Array}[{Index}]";
}
