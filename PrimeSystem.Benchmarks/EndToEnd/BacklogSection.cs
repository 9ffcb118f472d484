using System.Diagnostics;
using Npgsql;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Accepting, status and dispatching while very many requests wait.</summary>
internal static class BacklogSection
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        int waiting = options.Scale(100_000);
        double seconds = options.Quick ? 3 : 10;
        await using Deployment system = await Deployment.StartAsync(servers, workers: 0);
        (double emptyPost, double emptyStatus) = await MeasureAsync(system.Api);
        await Servers.ExecuteAsync(
            system.Database,
            $"""
            INSERT INTO requests (id, quantity, digits, status, batch_size, batch_count, "window", created_at, updated_at)
            SELECT ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 1, 12, 'pending', 1, 1, 16, now() - interval '1 minute', now() - interval '1 minute'
            FROM generate_series(1, {waiting}) g
            """);
        // The sweeper fills the queue as far as it is to be filled.
        await Task.Delay(TimeSpan.FromSeconds(12));
        (double post, double status) = await MeasureAsync(system.Api);
        await system.AddWorkersAsync(options.Workers);
        await Task.Delay(TimeSpan.FromSeconds(2));
        long before = await CountAsync(system.Database, "status = 'completed'");
        long start = Stopwatch.GetTimestamp();
        List<double> ready = [];
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await Task.Delay(500);
            ready.Add(await CountAsync(system.Database, "dispatched_at IS NOT NULL AND status IN ('pending', 'processing')"));
        }
        double rate = (await CountAsync(system.Database, "status = 'completed'") - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new Figure("backlog", $"POST with {waiting:#,0} waiting, p50", post, "ms", emptyPost, "nothing waiting", emptyPost / post),
            new Figure("backlog", $"status with {waiting:#,0} waiting, p50", status, "ms", emptyStatus, "nothing waiting", emptyStatus / status),
            new Figure("backlog", "requests of one prime completed", rate, "per second", Note: $"never fewer than {ready.Min():#,0} in the queue meanwhile"),
        ];
    }

    private static async Task<(double Post, double Status)> MeasureAsync(Service api)
    {
        List<double> posts = [], statuses = [];
        for (int i = 0; i < 300; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Guid id = await api.AskAsync(1, 12);
            posts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            await api.GeneratedAsync(id);
            statuses.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (posts.Median(), statuses.Median());
    }

    private static async Task<long> CountAsync(string database, string where)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM requests WHERE {where}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
