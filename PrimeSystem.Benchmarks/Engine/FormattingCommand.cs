using System.Globalization;
using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary><c>formatting</c>: the cost of writing a prime in decimal, compared with the cost of finding one on this machine.</summary>
internal static class FormattingCommand
{
    public static int Run()
    {
        const int runs = 9;
        foreach (int digits in new[] { 12, 20, 38, 77, 155, 309, 617, 1_234, 5_000, 10_000 })
        {
            BigInteger[] numbers = [.. Enumerable.Range(0, 16).Select(_ => RandomStart.OfDigits(digits))];
            int repeats = Math.Max(1, 40_000 / digits);
            double best = double.MaxValue;
            long length = 0;
            for (int run = 0; run < runs; run++)
            {
                double begin = ProcessorTime.OfThread();
                for (int i = 0; i < repeats; i++)
                    foreach (BigInteger number in numbers)
                        length += number.ToString(CultureInfo.InvariantCulture).Length;
                best = Math.Min(best, (ProcessorTime.OfThread() - begin) / repeats / numbers.Length);
            }
            if (length != (long)runs * repeats * numbers.Length * digits)
                throw new InvalidOperationException("A number was written with a digit too many or too few.");
            double prime = PrimeCost.CalibratedSeconds(digits);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{digits,6} digits: {best * 1e6,9:0.000} µs, {best / prime,10:0.0000%} of finding it"));
        }
        return 0;
    }
}
