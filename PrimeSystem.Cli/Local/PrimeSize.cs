using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Local;

/// <summary>The size of primes, in decimal digits or in bits.</summary>
/// <param name="Length">The number of digits or bits.</param>
/// <param name="IsBits">Whether it is a number of bits.</param>
internal readonly record struct PrimeSize(int Length, bool IsBits)
{
    /// <summary>The most digits. Larger primes take a machine years.</summary>
    public const int MaxDigits = 100_000;

    /// <summary>The most bits, likewise.</summary>
    public const int MaxBits = 332_192;

    /// <summary>About the binary logarithm of the number of primes of this size (prime number theorem).</summary>
    public double Log2Count => Bits - 1 - Math.Log2(Bits * Math.Log(2));

    private double Bits => IsBits ? Length : Length * Math.Log2(10);

    /// <summary>The seconds per prime on one core of this machine, within a factor of about two.</summary>
    public double EstimateSeconds() => PrimeCost.CalibratedSeconds((int)Math.Ceiling(IsBits ? Length / Math.Log2(10) : Length));

    public IAsyncEnumerable<BigInteger> GenerateAsync(PrimeGenerator generator, int count, int cores, CancellationToken cancellationToken) => IsBits
        ? generator.GenerateBitsAsync(Length, count, cores, cancellationToken: cancellationToken)
        : generator.GenerateAsync(Length, count, cores, cancellationToken: cancellationToken);

    public override string ToString() => IsBits ? $"{Length} bits" : $"{Length} {(Length == 1 ? "digit" : "digits")}";
}
