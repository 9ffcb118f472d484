using System.Diagnostics;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers.Load;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Many clients at once, some of which send nonsense: the server has no error and leaks neither connections nor memory.</summary>
public sealed class LoadTests(SharedServers servers)
{
    private const int Clients = 50;
    private const int Requests = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_clients_get_no_5xx_and_leave_neither_connections_nor_memory_behind()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 1,
            new() { ["RateLimits__VerificationsAtOnce"] = "0", ["DOTNET_gcServer"] = "0" });
        var mix = new LoadMix(system.Api.Client);
        await RunAsync(mix);
        long before = Memory(system);

        for (int round = 0; round < 2; round++)
            await RunAsync(mix);

        // The pool keeps what it used, up to its limit of 100; a leak of one in a hundred requests would be past it.
        int connections = await system.QueryAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        Assert.InRange(connections, 1, 180);
        await Eventually.TrueAsync(
            async () => await system.QueryAsync<int>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'") == 0,
            TimeSpan.FromMinutes(2),
            "no transaction is open");
        Assert.InRange(Memory(system), 0, before + (150L << 20));
        Assert.DoesNotContain("unhandled exception", system.Api.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task RunAsync(LoadMix mix)
    {
        IReadOnlyList<LoadSample> samples = await mix.RunAsync(Clients, Requests, Cancellation);
        Assert.Equal(Clients * Requests, samples.Count);
        Assert.DoesNotContain(samples, sample => sample.Status >= 500);
        Assert.All(samples.Where(sample => sample.Name == "nonsense"), sample => Assert.InRange(sample.Status, 400, 499));
        Assert.All(samples.Where(sample => sample.Name is "new" or "verify" or "list"), sample => Assert.InRange(sample.Status, 200, 299));
    }

    private static long Memory(DistributedSystem system)
    {
        using var process = Process.GetProcessById(system.Api.Id);
        return process.WorkingSet64;
    }
}
