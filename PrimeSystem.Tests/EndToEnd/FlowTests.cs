using System.Text.Json;
using Npgsql;
using PrimeSystem.Requests.Processing;
using PrimeSystem.Requests.Queue.RabbitMq;
using PrimeSystem.Requests.Storage.Schema;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>The flow of a request through Api, queue, workers and database, undisturbed and with lost, repeated and malformed messages.</summary>
public sealed class FlowTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100_000, 12)]
    [InlineData(200, 300)]
    [InlineData(1, 1_500)]
    public async Task Api_and_two_workers_deliver_exactly_what_was_ordered(int quantity, int digits)
    {
        await using DistributedSystem system = await StartAsync(workers: 2);

        await system.CompletesAsync(await system.AskAsync(quantity, digits), TimeSpan.FromMinutes(8), sample: 10_000);

        await system.SettlesAsync(TimeSpan.FromSeconds(60));
        await system.HasNoDeadLettersAsync();
    }

    [Fact]
    public async Task Three_workers_share_one_request()
    {
        await using DistributedSystem system = await StartAsync(workers: 3);

        await system.CompletesAsync(await system.AskAsync(60_000, 12));

        Assert.Equal(12, await system.QueryAsync<int>("SELECT count(*) FROM batches"));
        await system.HasNoDeadLettersAsync();
    }

    [Fact]
    public async Task Messages_that_are_delivered_several_times_add_nothing()
    {
        await using DistributedSystem system = await StartAsync(workers: 2);
        Guid id = await system.AskAsync(50_000, 12);
        for (int batch = 0; batch < 12; batch++)
        {
            for (int copy = 0; copy < 3; copy++)
                await system.Broker.PublishAsync(Topology.Batches, $$"""{"request_id":"{{id}}","batch":{{batch}}}""");
        }

        await system.CompletesAsync(id);

        Assert.Equal(10, await system.QueryAsync<int>("SELECT count(*) FROM batches"));
        await system.SettlesAsync(TimeSpan.FromSeconds(60));
        await system.HasNoDeadLettersAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("""{"request_id":"xyz","batch":0}""")]
    [InlineData("""{"request_id":"0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f"}""")]
    [InlineData("""{"request_id":"0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f","batch":-1}""")]
    public async Task A_malformed_message_goes_to_the_dead_letters_and_disturbs_nobody(string body)
    {
        await using DistributedSystem system = await StartAsync(workers: 1);
        await system.CompletesAsync(await system.AskAsync(1, 12));

        await system.Broker.PublishAsync(Topology.Batches, body);

        await Eventually.TrueAsync(async () => await system.Broker.ReadyAsync(Topology.Dead) == 1, TimeSpan.FromSeconds(30), "it is a dead letter");
        await system.CompletesAsync(await system.AskAsync(30_000, 12));
    }

    [Fact]
    public async Task A_message_of_an_unknown_request_is_dropped()
    {
        await using DistributedSystem system = await StartAsync(workers: 1);
        await system.CompletesAsync(await system.AskAsync(1, 12));

        await system.Broker.PublishAsync(Topology.Batches, $$"""{"request_id":"{{Guid.NewGuid()}}","batch":0}""");

        await system.SettlesAsync(TimeSpan.FromSeconds(30));
        await system.HasNoDeadLettersAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_queue_that_is_lost_in_mid_run_is_filled_again(bool deleted)
    {
        await using DistributedSystem system = await StartAsync(
            workers: 1, new() { ["Flow__StalledAfter"] = "00:00:02", ["Flow__SweepEvery"] = "00:00:00.500", ["Flow__Window"] = "4" });
        Guid id = await system.AskAsync(200_000, 12);
        await system.WaitForAsync(id, 1);

        if (deleted)
            await system.Broker.DeleteAsync(Topology.Batches);
        else
            await system.Broker.PurgeAsync(Topology.Batches);

        await system.CompletesAsync(id);
        await system.SettlesAsync(TimeSpan.FromSeconds(60));
        await system.HasNoDeadLettersAsync();
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_stop_hands_back_what_it_holds_and_exits_with_0()
    {
        await using DistributedSystem system = await StartAsync(workers: 1);
        Guid id = await system.AskAsync(1, 9_000);
        await Eventually.TrueAsync(async () => (await system.Broker.CountAsync(Topology.Batches)).Held > 0, TimeSpan.FromSeconds(30), "it searches");

        Assert.Equal(0, await system.Workers[0].TerminateAsync());

        // Handed back, not returned by the broker: nothing counts as a failed delivery.
        await Eventually.TrueAsync(async () => (await system.Broker.CountAsync(Topology.Batches)).Held == 0, TimeSpan.FromSeconds(10), "nobody holds any");
        Assert.True(await system.Broker.ReadyAsync(Topology.Batches) >= 1);
        Assert.All(await system.Broker.PeekAsync(Topology.Batches), message => Assert.False(message.Redelivered));
        Assert.Equal("processing", (await system.StatusAsync(id)).GetProperty("status").GetString());
        Assert.Equal(0, await system.Api.TerminateAsync());
    }

    [Fact]
    public async Task A_batch_that_kills_its_workers_fails_its_request_with_a_reason_and_no_other_that_they_processed()
    {
        await using DistributedSystem system = await StartAsync(workers: 0, new()
        {
            ["Flow__Consumers"] = "2",
            ["Flow__Window"] = "1",
            ["Flow__Slice"] = "00:00:02",
            ["Flow__SeenEvery"] = "00:00:00.100",
            ["Flow__LookEvery"] = "00:00:00.200",
            ["Flow__RaceAbove"] = "10:00:00",
        });
        Guid killer = await system.AskAsync(1, 9_000);
        Guid bystander = await system.AskAsync(1_000, 2_000);
        for (int kills = 0; kills < BatchProcessor.MaxLostDeliveries; kills++)
        {
            string seen = await SeenAsync();
            ServiceProcess worker = await system.StartWorkerAsync();
            await Eventually.TrueAsync(async () => await SeenAsync() != seen, TimeSpan.FromMinutes(1), "the worker searches for the batch that kills it");
            Assert.NotEqual("failed", (await system.StatusAsync(killer)).GetProperty("status").GetString());
            await system.KillWorkerAsync(worker);
            await Eventually.TrueAsync(async () => (await system.Broker.CountAsync(Topology.Batches)).Held == 0, TimeSpan.FromMinutes(1), "it is gone");
        }
        await system.StartWorkerAsync();
        await Eventually.TrueAsync(async () => await system.Broker.ReadyAsync(Topology.Dead) > 0, TimeSpan.FromMinutes(1), "it is a dead letter");
        JsonElement status = await system.StatusAsync(killer);
        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Contains("workers, and each ended before it was done", status.GetProperty("failure").GetString(), StringComparison.Ordinal);
        await system.WaitForAsync(bystander, await system.GeneratedAsync(bystander) + 1);
        Assert.Equal("processing", (await system.StatusAsync(bystander)).GetProperty("status").GetString());
        Assert.Equal(1u, await system.Broker.ReadyAsync(Topology.Dead));

        Task<string> SeenAsync() => system.QueryAsync<string>($"SELECT COALESCE(seen_at::text, '') FROM requests WHERE id = '{killer}'");
    }

    [Fact]
    public async Task Cancelling_stops_the_searches_of_other_processes()
    {
        await using DistributedSystem system = await StartAsync(workers: 1);
        Guid id = await system.AskAsync(1, 9_000);
        await Eventually.TrueAsync(async () => (await system.Broker.CountAsync(Topology.Batches)).Held > 0, TimeSpan.FromSeconds(30), "it searches");

        await system.Api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);

        await system.SettlesAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("cancelled", (await system.StatusAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Three_processes_that_start_at_once_on_an_empty_database_all_come_up()
    {
        string database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        RabbitMqVirtualHost broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        Dictionary<string, string?> settings = DistributedSystem.Settings(database, broker);

        ServiceProcess[] processes = await Task.WhenAll(
            ServiceProcess.StartApiAsync(settings), ServiceProcess.StartWorkerAsync(settings), ServiceProcess.StartApiAsync(settings));

        foreach (ServiceProcess process in processes)
        {
            await Eventually.TrueAsync(
                async () => (await process.Client.GetAsync("/health", Cancellation)).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "it is healthy");
            await process.DisposeAsync();
        }
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM schemaversions", connection);
        Assert.Equal(MigrationScripts.For("postgres").LongCount(), await count.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_service_that_may_not_migrate_is_not_ready_until_the_owner_has()
    {
        string database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        RabbitMqVirtualHost broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        Dictionary<string, string?> settings = DistributedSystem.Settings(database, broker, new() { ["Migrations__AtStartup"] = "false" });
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(settings);
        Assert.False((await api.Client.GetAsync("/ready", Cancellation)).IsSuccessStatusCode);

        (int code, string output) = await ServiceProcess.RunApiAsync(["migrate"], settings);

        Assert.True(code == 0, output);
        await Eventually.TrueAsync(
            async () => (await api.Client.GetAsync("/ready", Cancellation)).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "it is ready");
    }

    [Fact]
    public async Task While_a_big_request_is_processed_a_small_one_is_answered_within_half_a_second()
    {
        await using DistributedSystem system = await StartAsync(workers: 2);
        Guid big = await system.AskAsync(10_000, 309);
        await system.WaitForAsync(big, 1);

        // The best of several, since the machine has other things to do as well; behind the big request each would take minutes.
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            Guid small = await system.AskAsync(1, 12);
            while ((await system.StatusAsync(small)).GetProperty("status").GetString() != "completed")
                await Task.Delay(5, Cancellation);
            TimeSpan took = TimeProvider.System.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        Assert.True(best < TimeSpan.FromSeconds(0.5), $"It took {best}.");
        Assert.Equal("processing", (await system.StatusAsync(big)).GetProperty("status").GetString());
        await system.Api.Client.DeleteAsync($"/api/requests/{big}?purge=true", Cancellation);
    }

    [Fact]
    public async Task Searchers_race_for_one_expensive_prime_and_the_losers_stop()
    {
        await using DistributedSystem system = await StartAsync(
            workers: 2, new() { ["Flow__Consumers"] = "1", ["Flow__Window"] = "2", ["Flow__RaceAbove"] = "00:00:01", ["Flow__Slice"] = "00:20:00" });
        Guid id = await system.AskAsync(1, 1_600);
        await Eventually.TrueAsync(
            async () => (await system.Broker.CountAsync(Topology.Batches)).Held == 2
                || (await system.StatusAsync(id)).GetProperty("status").GetString() == "completed",
            TimeSpan.FromSeconds(30),
            "both search");

        await system.CompletesAsync(id);

        await system.SettlesAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await system.QueryAsync<int>("SELECT count(*) FROM prime_numbers"));
        await system.HasNoDeadLettersAsync();
    }

    private async Task<DistributedSystem> StartAsync(int workers, Dictionary<string, string?>? settings = null) =>
        await DistributedSystem.StartAsync(await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers, settings);
}
