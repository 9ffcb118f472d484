using System.Diagnostics;
using System.Text.Json;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>One prime of 12 digits, from the POST until its result can be read: with nothing else to do, and beside a request for a million.</summary>
internal static class LatencySection
{
    private const int Big = 1_000_000;
    private const int WarmUp = 500;

    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        await using Deployment system = await Deployment.StartAsync(servers, options.Workers);
        IEnumerable<Figure> idle = await MeasureAsync(system.Api, options.Scale(500, 5));

        var busy = new List<double>();
        Guid big = Guid.Empty;
        for (int i = 0; i < options.Scale(300, 5); i++)
        {
            if (big == Guid.Empty || await system.Api.GeneratedAsync(big) > Big * 9L / 10)
            {
                big = await system.Api.AskAsync(Big, 12);
                while (await system.Api.GeneratedAsync(big) == 0)
                    await Task.Delay(10);
            }
            busy.Add(await MeasureAsync(system.Api));
        }
        return
        [
            .. idle,
            new Figure("latency", "one prime beside a million, p50", busy.Percentile(0.5), "ms"),
            new Figure("latency", "one prime beside a million, p99", busy.Percentile(0.99), "ms", Target: "≤ 500 ms"),
        ];
    }

    /// <summary>With nothing else to do.</summary>
    public static async Task<IEnumerable<Figure>> MeasureAsync(Service api, int times)
    {
        // What was just started is compiled first; the figures are to be those of a service that runs.
        for (int i = 0; i < WarmUp; i++)
            await MeasureAsync(api);
        var took = new List<double>();
        for (int i = 0; i < times; i++)
            took.Add(await MeasureAsync(api));
        return
        [
            new Figure("latency", "one prime, idle, p50", took.Percentile(0.5), "ms", Target: "≤ 10 ms"),
            new Figure("latency", "one prime, idle, p99", took.Percentile(0.99), "ms", Target: "≤ 50 ms"),
        ];
    }

    private static async Task<double> MeasureAsync(Service api)
    {
        long start = Stopwatch.GetTimestamp();
        Guid id = await api.AskAsync(1, 12);
        while (true)
        {
            using JsonDocument result = JsonDocument.Parse(await api.Client.GetStringAsync($"/api/result/{id}"));
            if (result.RootElement.GetProperty("prime_numbers").GetArrayLength() == 1)
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await Task.Delay(1);
        }
    }
}
