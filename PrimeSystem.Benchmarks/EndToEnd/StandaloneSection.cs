namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>The same for the standalone system: everything in one process, on SQLite.</summary>
internal static class StandaloneSection
{
    private static readonly (int Quantity, int Digits)[] Sizes = [(1_000_000, 12), (100_000, 38), (20_000, 77), (2_000, 155), (400, 309), (40, 617)];

    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options)
    {
        var figures = new List<Figure>();
        await using Deployment system = await Deployment.StartStandaloneAsync();
        double atRest = ProcessFigures.Memory(system.Api.Id).Now;
        await system.Api.CompleteAsync(20_000, 12);
        foreach ((int fullQuantity, int digits) in Sizes)
        {
            int quantity = options.Scale(fullQuantity, 4);
            double engine = Limits.Engine(digits, options.Quick ? 1 : 2);
            IReadOnlyList<(string Part, double Seconds)> before = system.ProcessorSeconds();
            (Guid id, double seconds) = await system.Api.CompleteAsync(quantity, digits);
            figures.Add(new Figure(
                "standalone", $"{quantity:#,0} × {digits} digits", quantity / seconds, "primes/s", engine, "engine alone", quantity / seconds / engine,
                Note: ThroughputSection.Profile(before, system.ProcessorSeconds(), quantity)));
            if (digits == 12)
            {
                (double rate, double firstByte) = await ResultSection.FetchAsync(system.Api, id, "application/json");
                figures.Add(new Figure("standalone", $"result of {quantity:#,0} × 12 digits", rate, "MB/s", Note: $"first byte after {firstByte:0} ms"));
            }
        }
        figures.AddRange((await LatencySection.MeasureAsync(system.Api, options.Scale(300, 5))).Select(figure => figure with { Section = "standalone" }));
        figures.Add(new Figure("standalone", "healthy after", system.Api.HealthyAfter.TotalSeconds, "s", Target: "≤ 2 s"));
        figures.Add(new Figure("standalone", "memory at rest", atRest, "MB"));
        figures.Add(new Figure("standalone", "memory at the peak", ProcessFigures.Memory(system.Api.Id).Peak, "MB"));
        return figures;
    }
}
