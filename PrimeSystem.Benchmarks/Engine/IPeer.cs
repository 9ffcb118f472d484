namespace PrimeSystem.Benchmarks.Engine;

/// <summary>Something that makes primes, measured in turn with the others.</summary>
internal interface IPeer
{
    /// <summary>The name in the table and in the JSON.</summary>
    string Name { get; }

    /// <summary>Makes primes of a size for about so many seconds and says how many a second of processor time they were.</summary>
    double PrimesPerSecond(int digits, double seconds);
}
