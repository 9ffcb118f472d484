namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Requests and status queries per second with 64 clients, in turn with the bare endpoint on the same database.</summary>
internal static class LoadSection
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        double seconds = options.Quick ? 2 : 6;
        await using Deployment system = await Deployment.StartAsync(servers, workers: 0);
        await using Service bare = await Service.StartAsync(
            typeof(LoadSection).Assembly.Location, ["bare"], new Dictionary<string, string?> { ["ConnectionStrings__primes"] = system.Database });
        Guid id = await system.Api.AskAsync(1, 12);
        List<(double PerSecond, double P99)> posts = [], barePosts = [], statuses = [], bareStatuses = [];
        for (int turn = 0; turn < options.Turns; turn++)
        {
            statuses.Add(await LoadGenerator.StatusAsync(system.Api, id, seconds));
            bareStatuses.Add(await LoadGenerator.StatusAsync(bare, id, seconds));
            posts.Add(await LoadGenerator.PostAsync(system.Api, seconds));
            barePosts.Add(await LoadGenerator.PostAsync(bare, seconds));
        }
        await system.AddWorkersAsync(options.Workers);
        (double worked, double workedP99) = await LoadGenerator.PostAsync(system.Api, seconds);
        return
        [
            .. Compare("POST /api/new", posts, barePosts, "; the Api alone, workers not started"),
            .. Compare("GET /api/status", statuses, bareStatuses, ""),
            new Figure("load", "POST /api/new while workers work off", worked, "per second", Note: $"p99 {workedP99:0.0} ms"),
        ];
    }

    private static IEnumerable<Figure> Compare(
        string name, IReadOnlyList<(double PerSecond, double P99)> ours, IReadOnlyList<(double PerSecond, double P99)> bare, string note)
    {
        double[] ratios = [.. ours.Zip(bare, (our, its) => our.PerSecond / its.PerSecond)];
        yield return new Figure(
            "load", name, ours.Select(turn => turn.PerSecond).ToList().Median(), "per second", bare.Select(turn => turn.PerSecond).ToList().Median(),
            "bare endpoint", ratios.Median(), "≥ 0.60", $"the 64 clients share the cores{note}");
        double our = ours.Select(turn => turn.P99).ToList().Median(), its = bare.Select(turn => turn.P99).ToList().Median();
        yield return new Figure("load", $"{name}, p99", our, "ms", its, "bare endpoint", its / our);
    }
}
