using PrimeSystem.Requests;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>More worker processes on the same cores: what they lose against two is contention.</summary>
internal static class ScaleSection
{
    private static readonly int[] Counts = [1, 2, 4, 8];
    private static readonly (int Quantity, int Digits)[] Sizes = [(1_000_000, 12), (40_000, 77)];

    /// <summary>Batches for each worker before it is measured: a process that was just started still compiles what it runs.</summary>
    private const int WarmUpBatches = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        var rates = Counts.ToDictionary(count => count, _ => Sizes.Select(_ => new List<double>()).ToArray());
        // Each turn goes through all counts, so that a change of the machine's speed meets all alike.
        for (int turn = 0; turn < options.Turns; turn++)
        {
            await using Deployment system = await Deployment.StartAsync(servers, workers: 0);
            foreach (int count in Counts)
            {
                await system.AddWorkersAsync(count - system.Workers.Count);
                await system.Api.CompleteAsync(count * options.Scale(WarmUpBatches) * BatchPlan.MaxBatchSize, 12);
                for (int size = 0; size < Sizes.Length; size++)
                {
                    int quantity = options.Scale(Sizes[size].Quantity, 4);
                    (Guid id, double seconds) = await system.Api.CompleteAsync(quantity, Sizes[size].Digits);
                    rates[count][size].Add(quantity / seconds);
                    (await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true")).Dispose();
                }
            }
        }
        return
        [
            .. Sizes.SelectMany((size, s) => Counts.Select(count => new Figure(
                "scale", $"{count} workers, {size.Digits} digits", rates[count][s].Median(), "primes/s", rates[2][s].Median(), "2 workers",
                rates[count][s].Zip(rates[2][s], (these, two) => these / two).ToList().Median(), "≥ 0.90"))),
        ];
    }
}
