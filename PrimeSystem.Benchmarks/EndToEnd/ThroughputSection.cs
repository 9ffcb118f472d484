using System.Globalization;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>From the POST to the last prime stored, at six sizes, in turn with the engine alone and the database alone.</summary>
internal static class ThroughputSection
{
    private static readonly (int Quantity, int Digits, string Target)[] Sizes =
    [
        (1_000_000, 12, "≥ 0.60, ≥ 50,000/s"), (100_000, 38, "≥ 0.60"), (20_000, 77, "≥ 0.60"), (2_000, 155, "≥ 0.90 of the engine"),
        (400, 309, "≥ 0.90 of the engine"), (40, 617, "≥ 0.90 of the engine"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        var figures = new List<Figure>();
        await using Deployment system = await Deployment.StartAsync(servers, options.Workers);
        await system.Api.CompleteAsync(20_000, 12);
        foreach ((int fullQuantity, int digits, string target) in Sizes)
        {
            int quantity = options.Scale(fullQuantity, 4);
            List<double> ours = [], engine = [], database = [], ratios = [];
            string profile = "";
            for (int turn = 0; turn < options.Turns; turn++)
            {
                engine.Add(Limits.Engine(digits, options.Quick ? 1 : 2));
                database.Add(await Limits.DatabaseAsync(system.Database, digits, options.Scale(digits < 100 ? 200_000 : 20_000)));
                IReadOnlyList<(string Part, double Seconds)> before = system.ProcessorSeconds();
                (Guid id, double seconds) = await system.Api.CompleteAsync(quantity, digits);
                profile = Profile(before, system.ProcessorSeconds(), quantity);
                ours.Add(quantity / seconds);
                ratios.Add(ours[^1] / Math.Min(engine[^1], database[^1]));
                (await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true")).Dispose();
            }
            bool engineIsLower = engine.Median() <= database.Median();
            string other = engineIsLower ? $"database alone {database.Median():#,0}/s" : $"engine alone {engine.Median():#,0}/s";
            figures.Add(new Figure(
                "throughput", string.Create(CultureInfo.InvariantCulture, $"{quantity:#,0} × {digits} digits"), ours.Median(), "primes/s",
                Math.Min(engine.Median(), database.Median()), engineIsLower ? "engine alone" : "COPY alone", ratios.Median(), target, $"{other}; {profile}"));
        }
        return figures;
    }

    /// <summary>Processor time of each part for a prime, which a busy machine hardly changes.</summary>
    public static string Profile(IReadOnlyList<(string Part, double Seconds)> before, IReadOnlyList<(string Part, double Seconds)> after, int primes) =>
        "core-µs per prime: " + string.Join(", ", before.Zip(after, (b, a) => string.Create(
            CultureInfo.InvariantCulture, $"{a.Part} {(a.Seconds - b.Seconds) * 1e6 / primes:0.#}")));
}
