using System.Diagnostics;
using Npgsql;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Inserting, status and purging in an empty table and in one with millions of primes.</summary>
internal static class TableSection
{
    private const int BatchSize = 5_000;
    private const int RequestSize = 1_000_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        int quantity = options.Scale(300_000, 4);
        await using Deployment system = await Deployment.StartAsync(servers, options.Workers);
        await system.Api.CompleteAsync(20_000, 12);
        (double insert, double status, double purge) empty = await MeasureAsync(system, quantity);
        await FillAsync(system.Database, options.Rows);
        (double insert, double status, double purge) full = await MeasureAsync(system, quantity);
        string name = $"with {options.Rows:#,0} primes stored";
        return
        [
            new Figure("table", $"inserting {name}", full.insert, "primes/s", empty.insert, "empty table", full.insert / empty.insert),
            new Figure("table", $"status {name}, p50", full.status, "ms", empty.status, "empty table", empty.status / full.status),
            new Figure("table", $"purging {name}", full.purge, "primes/s", empty.purge, "empty table", full.purge / empty.purge),
        ];
    }

    private static async Task<(double Insert, double Status, double Purge)> MeasureAsync(Deployment system, int quantity)
    {
        (Guid id, double seconds) = await system.Api.CompleteAsync(quantity, 12);
        List<double> statuses = [];
        for (int i = 0; i < 200; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            await system.Api.GeneratedAsync(id);
            statuses.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        (await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true")).Dispose();
        // The sweeper begins within five seconds; the time counts from its first chunk.
        int batches = (quantity + BatchSize - 1) / BatchSize;
        long left;
        while ((left = await BatchesAsync(system.Database, id)) == batches)
            await Task.Delay(10);
        long start = Stopwatch.GetTimestamp();
        long first = left;
        while ((left = await BatchesAsync(system.Database, id)) > 0)
            await Task.Delay(10);
        return (quantity / seconds, statuses.Median(), (first - left) * BatchSize / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task FillAsync(string database, int rows)
    {
        for (int request = 0; request * (long)RequestSize < rows; request++)
        {
            var id = Guid.CreateVersion7();
            int count = Math.Min(RequestSize, rows - request * RequestSize);
            await Servers.ExecuteAsync(
                database,
                $"""
                INSERT INTO requests (id, quantity, digits, status, generated_count, batch_size, batch_count, "window", dispatched_at, created_at, updated_at)
                VALUES ('{id}', {count}, 12, 'completed', {count}, {BatchSize}, {(count + BatchSize - 1) / BatchSize}, 16, now(), now(), now());
                INSERT INTO batches SELECT '{id}', g, g * {BatchSize}, {BatchSize}, now() FROM generate_series(0, {(count - 1) / BatchSize}) g;
                INSERT INTO prime_numbers SELECT '{id}', g / {BatchSize}, g % {BatchSize}, (100000000000 + g)::text, sha256(int8send(g::bigint))
                FROM generate_series(0, {count - 1}) g;
                """);
        }
        await Servers.ExecuteAsync(database, "VACUUM ANALYZE");
    }

    private static async Task<long> BatchesAsync(string database, Guid id)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM batches WHERE request_id = '{id}'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
