using System.Diagnostics;
using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>This library with all 40 rounds. Where GMP is installed, it checks every prime before it counts.</summary>
internal sealed class OurPeer(int cores) : IPeer
{
    private readonly PrimeGenerator _generator = new();

    public string Name => "ours";

    public double PrimesPerSecond(int digits, double seconds)
    {
        // A batch takes about a quarter of the time, and is large enough to keep the lanes busy.
        int atOnce = Math.Clamp((int)(seconds / 4 / PrimeCost.ReferenceSeconds(digits)) * cores, Math.Min(8 * cores, 64), 100_000);
        int found = 0;
        double used = 0;
        var primes = new List<BigInteger>(atOnce);
        while (used < seconds)
        {
            double begin = Now();
            primes.AddRange(Generate(digits, atOnce));
            used += Now() - begin;
            foreach (BigInteger prime in primes)
            {
                if (prime.ToString().Length != digits || (Gmp.IsInstalled && !Gmp.IsPrime(prime)))
                    throw new InvalidOperationException($"Not a prime of {digits} digits: {prime}");
            }
            found += primes.Count;
            primes.Clear();
        }
        return found / used;
    }

    private double Now() => cores == 1 ? ProcessorTime.OfThread() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private IEnumerable<BigInteger> Generate(int digits, int count) =>
        cores == 1 ? _generator.Generate(digits, count) : _generator.GenerateParallel(digits, count, cores);
}
