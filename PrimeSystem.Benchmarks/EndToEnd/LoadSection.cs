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
        List<Load> posts = [], barePosts = [], statuses = [], bareStatuses = [];
        for (int turn = 0; turn < options.Turns; turn++)
        {
            statuses.Add(await LoadGenerator.StatusAsync(system.Api, id, seconds));
            bareStatuses.Add(await LoadGenerator.StatusAsync(bare, id, seconds));
            posts.Add(await LoadGenerator.PostAsync(system.Api, seconds));
            barePosts.Add(await LoadGenerator.PostAsync(bare, seconds));
        }
        await system.AddWorkersAsync(options.Workers);
        Load worked = await LoadGenerator.PostAsync(system.Api, seconds);
        return
        [
            .. Compare("POST /api/new", posts, barePosts, "; the Api alone, workers not started"),
            .. Compare("GET /api/status", statuses, bareStatuses, ""),
            new Figure("load", "POST /api/new while workers work off", worked.PerSecond, "per second", Note: $"p99 {worked.P99:0.0} ms"),
        ];
    }

    private static IEnumerable<Figure> Compare(
        string name, IReadOnlyList<Load> ours, IReadOnlyList<Load> bare, string note)
    {
        double[] ratios = [.. ours.Zip(bare, (our, its) => our.PerSecond / its.PerSecond)];
        double Median(IReadOnlyList<Load> turns, Func<Load, double> figure) => turns.Select(figure).ToList().Median();
        yield return new Figure(
            "load", name, Median(ours, turn => turn.PerSecond), "per second", Median(bare, turn => turn.PerSecond), "bare endpoint", ratios.Median(), "≥ 0.60",
            $"core-µs each: {Median(ours, turn => turn.Cost):0}, bare {Median(bare, turn => turn.Cost):0}; the 64 clients share the cores{note}");
        double our = Median(ours, turn => turn.P99), its = Median(bare, turn => turn.P99);
        yield return new Figure("load", $"{name}, p99", our, "ms", its, "bare endpoint", its / our);
    }
}
