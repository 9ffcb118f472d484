using System.Globalization;
using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;
using PrimeSystem.Primes.Search;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>
/// <c>sieve</c>: the curve behind the sieve's bounds, the cost of a prime in sieving and base-2 tests for each size and bound. The sieve and the test are
/// measured. The average distance from a random start to its prime is ln N, and the share of candidates that are left is counted.
/// </summary>
internal static class SieveCommand
{
    private static readonly int[] Bounds =
        [100, 200, 400, 1_000, 2_000, 6_000, 20_000, 80_000, 200_000, 500_000, 1_000_000, 2_000_000, 3_000_000, SmallPrimes.MaxBound];

    public static int Run(string[] options)
    {
        int[] sizes = options is ["--digits", var list] ? [.. list.Split(',').Select(int.Parse)] : [30, 38, 50, 77, 155, 309, 617];
        Console.WriteLine("Microseconds of one core per prime; * marks the bound in use.");
        foreach (int digits in sizes)
        {
            SearchRange range = SearchRange.OfDigits(digits);
            double test = SecondsPerTest(range), spacing = digits * Math.Log(10) / 2;
            Console.WriteLine($"{digits} digits, {KernelChoice.For(range.Bits).ToString().ToLowerInvariant()}: {test * 1e6:0.00} a test");
            foreach (int bound in Bounds)
            {
                (double seconds, double left) = Sieved(range, bound);
                double windows = 1 / (1 - Math.Exp(-range.WindowOdds / spacing)), sieving = windows * seconds * 1e6, testing = left * spacing * test * 1e6;
                string mark = bound == range.SieveBound ? "*" : "";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{bound,9}{mark,1} sieve {sieving,10:0.0}  tests {testing,10:0.0}  sum {sieving + testing,10:0.0}"));
            }
        }
        return 0;
    }

    /// <summary>Per candidate, with all lanes busy: the fastest of several runs.</summary>
    private static double SecondsPerTest(SearchRange range)
    {
        using var screen = new BaseTwoScreen(range.Bits);
        for (int lane = 0; lane < screen.Lanes; lane++)
            NaturalNumber.FromBigInteger(RandomStart.OfDigits(Digits(range)) | BigInteger.One, screen.Candidate(lane));
        return Fastest(() => screen.Run(CancellationToken.None)) / screen.Lanes;
    }

    /// <summary>Seconds for a window, and the share of its odd numbers that is left.</summary>
    private static (double Seconds, double Left) Sieved(SearchRange range, int bound)
    {
        const int windows = 40;
        var sieve = new Sieve(bound, range.Low.Length);
        var start = new ulong[range.Low.Length];
        var composites = new ulong[range.WindowOdds / 64];
        long left = 0;
        for (int i = 0; i < windows; i++)
        {
            Mark();
            left += composites.Sum(word => BitOperations.PopCount(~word));
        }
        return (Fastest(Mark), left / (double)windows / range.WindowOdds);

        void Mark()
        {
            NaturalNumber.FromBigInteger(RandomStart.OfDigits(Digits(range)) | BigInteger.One, start);
            Array.Clear(composites);
            sieve.Mark(start, composites);
        }
    }

    private static int Digits(SearchRange range) => NaturalNumber.ToBigInteger(range.Low).ToString(CultureInfo.InvariantCulture).Length;

    private static double Fastest(Action action)
    {
        const int runs = 12;
        double best = double.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            double begin = ProcessorTime.OfThread();
            action();
            best = Math.Min(best, ProcessorTime.OfThread() - begin);
        }
        return best;
    }
}
