using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Primes;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>An estimate of how long a request takes when the workers have nothing else to do, within a factor of about two.</summary>
/// <param name="Quantity">The number of primes.</param>
/// <param name="Digits">The number of decimal digits of each prime.</param>
/// <param name="CoreSeconds">The work in seconds of one core, measured on a core of this process.</param>
/// <param name="Seconds">The time that the present workers need; absent when there are none.</param>
/// <param name="Workers">The number of present workers.</param>
/// <param name="Cores">The number of their cores.</param>
public sealed record Estimate(int Quantity, int Digits, double CoreSeconds, double? Seconds, int Workers, int Cores)
{
    /// <summary>Estimates a request. It must be within the limits.</summary>
    /// <param name="quantity">The number of primes.</param>
    /// <param name="digits">The number of decimal digits of each prime.</param>
    /// <param name="window">How many batches of a request are in the queue at a time.</param>
    /// <param name="raceAbove">The reference cost of a prime above which several searches race for it.</param>
    /// <param name="workers">The present workers.</param>
    public static Estimate Of(int quantity, int digits, int window, TimeSpan raceAbove, IReadOnlyList<WorkerView> workers)
    {
        double work = quantity * PrimeCost.CalibratedSeconds(digits);
        var plan = BatchPlan.For(quantity, digits, window);
        int searches = Math.Min(plan.BatchCount, plan.Window) * plan.RacersPerBatch(digits, raceAbove);
        int parallel = Math.Min(searches, workers.Sum(worker => Math.Min(worker.Cores, worker.Consumers)));
        return new Estimate(
            quantity, digits, Round(work), parallel == 0 ? null : Round(work / parallel), workers.Count, workers.Sum(worker => worker.Cores));
    }

    // An estimate has fewer than three significant digits.
    private static double Round(double seconds) => seconds == 0 ? 0 : Math.Round(seconds, Math.Clamp(2 - (int)Math.Floor(Math.Log10(seconds)), 0, 9));
}
