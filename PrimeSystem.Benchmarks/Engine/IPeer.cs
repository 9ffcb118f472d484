namespace PrimeSystem.Benchmarks.Engine;

/// <summary>A prime generator that is measured, taking turns with the others.</summary>
internal interface IPeer
{
    /// <summary>The name in the table and in the JSON.</summary>
    string Name { get; }

    /// <summary>Generates primes of a size for about so many seconds. Returns how many it made per second of processor time.</summary>
    double PrimesPerSecond(int digits, double seconds);
}
