using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Local;

/// <summary>How large primes are: a number of decimal digits, or of bits.</summary>
/// <param name="Length">Digits or bits.</param>
/// <param name="IsBits">Which.</param>
internal readonly record struct PrimeSize(int Length, bool IsBits)
{
    /// <summary>Most digits: what this machine finds within a life.</summary>
    public const int MaxDigits = 100_000;

    /// <summary>Most bits, likewise.</summary>
    public const int MaxBits = 332_192;

    /// <summary>Binary logarithm of the number of primes of the size, about (prime number theorem).</summary>
    public double Log2Count => Bits - 1 - Math.Log2(Bits * Math.Log(2));

    private double Bits => IsBits ? Length : Length * Math.Log2(10);

    /// <summary>Seconds per prime on one core of this machine, within a factor of about two.</summary>
    public double EstimateSeconds() => PrimeCost.CalibratedSeconds((int)Math.Ceiling(IsBits ? Length / Math.Log2(10) : Length));

    public IAsyncEnumerable<BigInteger> GenerateAsync(PrimeGenerator generator, int count, int cores, CancellationToken cancellationToken) => IsBits
        ? generator.GenerateBitsAsync(Length, count, cores, cancellationToken: cancellationToken)
        : generator.GenerateAsync(Length, count, cores, cancellationToken: cancellationToken);

    public override string ToString() => IsBits ? Words.Inv($"{Length} bits") : Words.Inv($"{Length} {(Length == 1 ? "digit" : "digits")}");
}
