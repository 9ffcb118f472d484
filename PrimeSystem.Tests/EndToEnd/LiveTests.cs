using System.Net.WebSockets;
using System.Text.Json;
using PrimeSystem.Tests.Api.Streaming;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Watching across processes: any Api reports what any worker does, at a cost that does not grow with the watchers.</summary>
public sealed class LiveTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_that_moves_between_two_Apis_gets_every_prime_exactly_once()
    {
        await using DistributedSystem system = await StartAsync(workers: 2);
        await using ServiceProcess other = await system.StartAnotherApiAsync();
        Guid id = await system.AskAsync(150_000, 12);
        IReadOnlyCollection<string> had = [];
        for (int i = 0; i < 5; i++)
        {
            using Watcher cut = await Watcher.ConnectAsync((i % 2 == 0 ? other : system.Api).Client.BaseAddress!, id, had);
            int events = Random.Shared.Next(1, 12);
            while (events-- > 0 && await cut.NextAsync())
            {
            }
            cut.Abort();
            had = cut.Primes;
        }
        using Watcher last = await Watcher.ConnectAsync(other.Client.BaseAddress!, id, had);
        await last.ToTheEndAsync();

        JsonElement result = JsonDocument.Parse(await system.Api.Client.GetStringAsync($"/api/result/{id}", Cancellation)).RootElement;
        Assert.Equal(150_000, last.Primes.Count);
        Assert.Equal(result.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!), last.Primes);
    }

    [Fact]
    public async Task A_commit_in_a_worker_is_notified_to_a_watcher_before_it_polls()
    {
        await using DistributedSystem system = await StartAsync(workers: 1);
        Guid id = await system.AskAsync(200, 200);
        using Watcher watcher = await Watcher.ConnectAsync(system.Api.Client.BaseAddress!, id);
        await watcher.ToTheEndAsync();

        TimeSpan[] delays = [.. watcher.Delays.Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"From commit to frame: {delays.Length} changes, best {delays[0].TotalMilliseconds:0.0} ms, median {delays[delays.Length / 2].TotalMilliseconds:0.0} ms.");
        // The machine may have other things to do, but not all the time.
        Assert.InRange(delays[0], TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Two_thousand_watchers_cost_one_connection_that_listens_and_few_that_read()
    {
        // Two thousand clients in one process beside everything else are slow.
        await using DistributedSystem system = await StartAsync(workers: 0, new() { ["Live__SendWithin"] = "00:02:00" });
        Guid big = await system.AskAsync(6_000, 12);
        var ids = new List<Guid>();
        for (int i = 0; i < 50; i++)
            ids.Add(await system.AskAsync(2, 12));
        int there = 0;
        int most = 0;
        // Half watch one request, half others; they connect at the same time, and no batch is processed before all are connected.
        Task<Watcher>[] watching =
        [
            .. Enumerable.Range(0, 2_000).Select(async i =>
            {
                Watcher watcher = await Watcher.ConnectAsync(system.Api.Client.BaseAddress!, i % 2 == 0 ? big : ids[i % 50]);
                Assert.True(await watcher.NextAsync());
                Interlocked.Increment(ref there);
                await watcher.ToTheEndAsync();
                return watcher;
            }),
        ];
        Task<Watcher[]> all = Task.WhenAll(watching);
        await Eventually.TrueAsync(
            async () =>
            {
                await CountAsync();
                return Volatile.Read(ref there) == 2_000 || watching.Any(watcher => watcher.IsFaulted);
            },
            TimeSpan.FromMinutes(5), "all watch");
        await system.StartWorkerAsync();
        while (!all.IsCompleted)
        {
            await CountAsync();
            await Task.WhenAny(all, Task.Delay(200, Cancellation));
        }

        Watcher[] watchers = await all;
        Assert.All(watchers, watcher => Assert.Equal("completed", watcher.Last.GetProperty("status").GetString()));
        Assert.All(watchers.Where((_, i) => i % 2 == 0), watcher => Assert.Equal(6_000, watcher.Primes.Count));
        Assert.Equal(1, await system.QueryAsync<int>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"));
        TestContext.Current.TestOutputHelper?.WriteLine($"Connections of all processes together: {most} at most.");
        // The worker's consumers have one each, and this test has one.
        Assert.InRange(most, 2, Environment.ProcessorCount + 25);
        foreach (Watcher watcher in watchers)
            watcher.Dispose();

        async Task CountAsync() => most = Math.Max(
            most, await system.QueryAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"));
    }

    [Fact]
    public async Task An_Api_that_stops_ends_its_streams_in_order_and_another_takes_over()
    {
        await using DistributedSystem system = await StartAsync(workers: 0);
        await using ServiceProcess other = await system.StartAnotherApiAsync();
        Guid id = await system.AskAsync(1_000, 12);
        using Watcher watcher = await Watcher.ConnectAsync(system.Api.Client.BaseAddress!, id);
        Assert.True(await watcher.NextAsync());
        using HttpResponseMessage events =
            await system.Api.Client.GetAsync($"/api/stream/{id}", HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Task<int> stopped = system.Api.TerminateAsync();
        await watcher.ToTheEndAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, watcher.Closed);
        Assert.Contains("Reconnect", watcher.Reason, StringComparison.Ordinal);
        // The response is complete, so a client of events reconnects and reports no error.
        Assert.DoesNotContain("event: end", await events.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await stopped.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        using Watcher again = await Watcher.ConnectAsync(other.Client.BaseAddress!, id, watcher.Primes);
        await system.StartWorkerAsync();
        await again.ToTheEndAsync();
        Assert.Equal(1_000, again.Primes.Count);
    }

    [Fact]
    public async Task Killed_and_restarted_workers_show_in_the_system_status()
    {
        await using DistributedSystem system = await StartAsync(workers: 2, new() { ["Flow__Consumers"] = "1" });
        await WorkersAsync(system, 2);
        Guid id = await system.AskAsync(1, 9_500);
        await Eventually.TrueAsync(
            async () => (await SystemAsync(system)).GetProperty("workers").EnumerateArray().All(worker => worker.GetProperty("busy").GetInt32() > 0),
            TimeSpan.FromMinutes(1), "both search");

        ServiceProcess killed = system.Workers[0];
        int process = killed.Id;
        await system.KillWorkerAsync(killed);
        await WorkersAsync(system, 1);
        Assert.DoesNotContain($"/{process}", (await SystemAsync(system)).GetProperty("workers")[0].GetProperty("name").GetString(), StringComparison.Ordinal);

        await system.StartWorkerAsync();
        await WorkersAsync(system, 2);

        Assert.Equal(0, await system.Workers[0].TerminateAsync());
        await WorkersAsync(system, 1);
        await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
        await system.KillWorkerAsync(system.Workers[1]);
        await WorkersAsync(system, 0);
        JsonElement estimate = JsonDocument.Parse(await system.Api.Client.GetStringAsync("/api/estimate?quantity=1&digits=12", Cancellation)).RootElement;
        Assert.False(estimate.TryGetProperty("seconds", out _));
        Assert.Equal(0, estimate.GetProperty("workers").GetInt32());
    }

    private static Task WorkersAsync(DistributedSystem system, int count) => Eventually.TrueAsync(
        async () => (await SystemAsync(system)).GetProperty("workers").GetArrayLength() == count, TimeSpan.FromSeconds(30), $"{count} workers are seen");

    private static async Task<JsonElement> SystemAsync(DistributedSystem system) =>
        JsonDocument.Parse(await system.Api.Client.GetStringAsync("/api/system", Cancellation)).RootElement;

    private async Task<DistributedSystem> StartAsync(int workers, Dictionary<string, string?>? settings = null) =>
        await DistributedSystem.StartAsync(await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers, settings);
}
