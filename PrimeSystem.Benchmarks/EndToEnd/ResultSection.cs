using System.Diagnostics;
using Npgsql;
using PrimeSystem.TestServers;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>A million primes fetched, beside <c>psql \copy</c> of the same rows in the same order.</summary>
internal static class ResultSection
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        int quantity = options.Scale(1_000_000, 4);
        await using Deployment system = await Deployment.StartAsync(servers, options.Workers);
        (Guid id, _) = await system.Api.CompleteAsync(quantity, 12);
        await FetchAsync(system.Api, id, "application/json");
        double atRest = ProcessFigures.Memory(system.Api.Id).Now;
        ProcessFigures.ForgetPeak(system.Api.Id);
        var turns = new List<(double Json, double Text, double FirstByte, double Psql)>();
        for (int turn = 0; turn < Math.Max(3, options.Turns); turn++)
        {
            (double json, double firstByte) = await FetchAsync(system.Api, id, "application/json");
            (double text, _) = await FetchAsync(system.Api, id, "text/plain");
            turns.Add((json, text, firstByte, await PsqlAsync(system.Database, id)));
        }
        double peak = ProcessFigures.Memory(system.Api.Id).Peak;
        List<double> Of(Func<(double Json, double Text, double FirstByte, double Psql), double> figure) => [.. turns.Select(figure)];
        double psql = Of(turn => turn.Psql).Median();
        return
        [
            new Figure("result", $"{quantity:#,0} × 12 digits as JSON", Of(turn => turn.Json).Median(), "MB/s", psql, "psql \\copy",
                Of(turn => turn.Json / turn.Psql).Median(), "≥ 0.50"),
            new Figure("result", "the same as text", Of(turn => turn.Text).Median(), "MB/s", psql, "psql \\copy", Of(turn => turn.Text / turn.Psql).Median()),
            new Figure("result", "time to first byte", Of(turn => turn.FirstByte).Median(), "ms"),
            new Figure("result", "peak memory of the Api", peak, "MB", Target: "constant", Note: $"{atRest:0} MB before"),
        ];
    }

    public static async Task<(double MegabytesPerSecond, double FirstByte)> FetchAsync(Service api, Guid id, string format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}");
        request.Headers.Accept.ParseAdd(format);
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        long bytes = await body.ReadAsync(buffer);
        double firstByte = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
            bytes += read;
        return (bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds, firstByte);
    }

    private static async Task<double> PsqlAsync(string database, Guid id)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        string file = Path.GetTempFileName();
        string query = $"""
            SELECT p.prime_value FROM batches b JOIN prime_numbers p ON p.request_id = b.request_id AND p.batch = b.number
            WHERE b.request_id = '{id}' ORDER BY b.first, p."index"
            """.ReplaceLineEndings(" ");
        try
        {
            long start = Stopwatch.GetTimestamp();
            await ChildProcess.RunAsync(
                "psql", ["-h", "127.0.0.1", "-p", $"{connection.Port}", "-U", "primes", "-d", connection.Database!, "-c", $"\\copy ({query}) to '{file}'"]);
            return new FileInfo(file).Length / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
