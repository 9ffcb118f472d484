using System.Diagnostics;
using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>This library with all 40 rounds; a prime counts once GMP, where it is installed, agrees that it is one.</summary>
internal sealed class OurPeer(int cores) : IPeer
{
    private readonly PrimeGenerator _generator = new();

    public string Name => "ours";

    public double PrimesPerSecond(int digits, double seconds)
    {
        // As many at once as a quarter of the time allows, so that the lanes are busy and the last ones do not weigh.
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
