using System.Diagnostics;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes;

/// <summary>
/// How much slower this machine is than the reference machine, by size. From 25 digits on squarings are nearly all of the work, and kernels differ more
/// at some sizes than at others. Shorter primes are found without a kernel, so whole searches are measured there.
/// </summary>
internal static class MachineFactor
{
    /// <summary>The number of digits from which on kernels do the work.</summary>
    private const int KernelsFrom = 25;

    /// <summary>Primes in a measured search: a millisecond of them.</summary>
    private const int Primes = 200;

    private const int Tries = 3;

    /// <summary>Digits of the searches that are measured.</summary>
    private static readonly int[] Searches = [12, 20];

    /// <summary>Digits, bits, and nanoseconds per squaring and lane on the reference machine.</summary>
    private static readonly (int Digits, int Bits, double Nanoseconds)[] Squarings = [(38, 127, 2.4), (155, 515, 21), (617, 2_050, 210)];

    private static readonly Lazy<double[]> OfSearches = new(() => [.. Searches.Select(digits => SecondsPerPrime(digits) / PrimeCost.ReferenceSeconds(digits))]);

    private static readonly Lazy<double[]> OfSquarings = new(() =>
        [.. Squarings.Select(size => KernelChoice.NanosecondsPerSquaring(KernelChoice.For(size.Bits), size.Bits) / size.Nanoseconds)]);

    /// <summary>The factor of the measured size that is nearest on a logarithmic scale.</summary>
    public static double Of(int digits) => digits < KernelsFrom
        ? OfSearches.Value[Nearest(digits, i => Searches[i], Searches.Length)]
        : OfSquarings.Value[Nearest(digits, i => Squarings[i].Digits, Squarings.Length)];

    private static int Nearest(int digits, Func<int, int> size, int count)
    {
        int i = 0;
        while (i < count - 1 && digits * (long)digits > (long)size(i) * size(i + 1))
            i++;
        return i;
    }

    /// <summary>The best of a few tries. The first includes compilation.</summary>
    private static double SecondsPerPrime(int digits)
    {
        var generator = new PrimeGenerator();
        double best = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            foreach (var _ in generator.Generate(digits, Primes))
            {
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / Primes);
        }
        return best;
    }
}
