using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Primes;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>How long a request would take, within a factor of about two, if the workers had nothing else to do.</summary>
/// <param name="Quantity">Primes.</param>
/// <param name="Digits">Decimal digits of each.</param>
/// <param name="CoreSeconds">The work, in seconds of one core like that of this process.</param>
/// <param name="Seconds">The time it would take the workers that are present; absent where there are none.</param>
/// <param name="Workers">Workers that are present.</param>
/// <param name="Cores">Their cores.</param>
public sealed record Estimate(int Quantity, int Digits, double CoreSeconds, double? Seconds, int Workers, int Cores)
{
    /// <summary>Estimates a request that is within the limits.</summary>
    /// <param name="quantity">Primes.</param>
    /// <param name="digits">Decimal digits of each.</param>
    /// <param name="window">Batches of a request that are in the queue at a time.</param>
    /// <param name="raceAbove">The reference cost of a prime from which on several searchers race for it.</param>
    /// <param name="workers">The workers that are present.</param>
    public static Estimate Of(int quantity, int digits, int window, TimeSpan raceAbove, IReadOnlyList<WorkerView> workers)
    {
        double work = quantity * PrimeCost.CalibratedSeconds(digits);
        var plan = BatchPlan.For(quantity, digits, window);
        int searches = Math.Min(plan.BatchCount, plan.Window) * plan.RacersPerBatch(digits, raceAbove);
        int hands = Math.Min(searches, workers.Sum(worker => Math.Min(worker.Cores, worker.Consumers)));
        return new Estimate(
            quantity, digits, Round(work), hands == 0 ? null : Round(work / hands), workers.Count, workers.Sum(worker => worker.Cores));
    }

    // Three significant digits are more than an estimate has.
    private static double Round(double seconds) => seconds == 0 ? 0 : Math.Round(seconds, Math.Clamp(2 - (int)Math.Floor(Math.Log10(seconds)), 0, 9));
}
