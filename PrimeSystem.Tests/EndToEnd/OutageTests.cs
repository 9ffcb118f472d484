using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Every part is killed during a run and comes back: no prime too many or too few, no request stuck, no message dead-lettered.</summary>
public sealed class OutageTests(PrivateServers servers) : IClassFixture<PrivateServers>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await servers.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Workers_broker_database_and_Api_are_killed_in_mid_run_and_the_request_completes_exactly()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(servers.Postgres, servers.RabbitMq, workers: 2);
        Guid id = await system.AskAsync(1_000_000, 12);

        await system.WaitForAsync(id, 1);
        await system.KillWorkerAsync(system.Workers[0]);
        await system.StartWorkerAsync();
        await system.WaitForAsync(id, await system.GeneratedAsync(id) + 5_000);

        await QueuesAreSavedAsync();
        await servers.RabbitMq.KillAsync();
        await Task.Delay(1_000, Cancellation);
        await servers.RabbitMq.RestartAsync();
        await system.WaitForAsync(id, await system.GeneratedAsync(id) + 5_000);

        await servers.Postgres.KillAsync();
        await Task.Delay(1_000, Cancellation);
        await servers.Postgres.RestartAsync();

        await system.Api.KillAsync();
        await system.StartApiAsync();

        await system.CompletesAsync(id);
        Assert.Equal(1_000_000, await system.QueryAsync<int>("SELECT count(*) FROM prime_numbers"));
        Assert.Equal(200, await system.QueryAsync<int>("SELECT count(*) FROM batches"));
        await system.SettlesAsync(TimeSpan.FromSeconds(60));
        await system.HasNoDeadLettersAsync();
    }

    [Fact]
    public async Task Without_the_broker_requests_are_accepted_and_complete_when_it_is_back()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(servers.Postgres, servers.RabbitMq, workers: 1);
        await system.CompletesAsync(await system.AskAsync(1, 12));
        await QueuesAreSavedAsync();
        await servers.RabbitMq.KillAsync();
        Guid id;
        try
        {
            id = await system.AskAsync(5, 12);
            using HttpResponseMessage health = await system.Api.Client.GetAsync("/health", Cancellation);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            Assert.Equal("degraded", await PartAsync(health, "queue"));
            Assert.Equal("pending", (await system.StatusAsync(id)).GetProperty("status").GetString());
        }
        finally
        {
            await servers.RabbitMq.RestartAsync();
        }

        await system.CompletesAsync(id, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Health_says_why_the_broker_takes_no_messages_even_if_nothing_is_published()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(servers.Postgres, servers.RabbitMq, workers: 0);
        await servers.RabbitMq.SetShortOfMemoryAsync(true);
        try
        {
            await Eventually.TrueAsync(
                () => HealthContainsAsync("The message broker takes no messages: its memory is full."), TimeSpan.FromSeconds(30), "health names the alarm");
        }
        finally
        {
            await servers.RabbitMq.SetShortOfMemoryAsync(false);
        }
        await Eventually.TrueAsync(async () => !await HealthContainsAsync("degraded"), TimeSpan.FromSeconds(30), "the queue is healthy again");

        async Task<bool> HealthContainsAsync(string text) =>
            (await system.Api.Client.GetStringAsync("/health", Cancellation)).Contains(text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_broker_takes_no_messages_workers_hold_none_and_all_continues_when_it_does()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(servers.Postgres, servers.RabbitMq, workers: 1, new()
        {
            ["Flow__Window"] = "2",
            ["Queue__ConfirmWithin"] = "00:00:01",
            ["Queue__HoldFor"] = "00:00:02",
            ["Flow__Slice"] = "00:00:01",
            ["Flow__SweepEvery"] = "00:00:01",
        });
        Guid many = await system.AskAsync(1_000_000, 12);
        Guid expensive = await system.AskAsync(20, 3_000);
        await system.WaitForAsync(many, 1);
        await servers.RabbitMq.SetShortOfMemoryAsync(true);
        Guid late;
        try
        {
            // The broker counts a delivery that is held too long as failed, up to a limit.
            await system.SettlesAsync(TimeSpan.FromMinutes(2));
            late = await system.AskAsync(5, 12);
            Assert.Equal("pending", (await system.StatusAsync(late)).GetProperty("status").GetString());
            Assert.Equal("processing", (await system.StatusAsync(many)).GetProperty("status").GetString());
            Assert.Equal("processing", (await system.StatusAsync(expensive)).GetProperty("status").GetString());
        }
        finally
        {
            await servers.RabbitMq.SetShortOfMemoryAsync(false);
        }

        await system.CompletesAsync(late);
        await system.WaitForAsync(many, await system.GeneratedAsync(many) + 20_000);

        await servers.RabbitMq.SetShortOfMemoryAsync(true);
        await Task.Delay(3_000, Cancellation);
        Assert.Equal(0, await system.Workers[0].TerminateAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        await servers.RabbitMq.KillAsync();
        await servers.RabbitMq.RestartAsync();
        await system.StartWorkerAsync();
        await system.WaitForAsync(many, await system.GeneratedAsync(many) + 20_000);
        await system.HasNoDeadLettersAsync();
        foreach (Guid id in new[] { many, expensive })
            (await system.Api.Client.DeleteAsync($"/api/requests/{id}", Cancellation)).Dispose();
    }

    [Fact]
    public async Task Without_the_database_the_Api_reports_that_and_stays_alive()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(servers.Postgres, servers.RabbitMq, workers: 1);
        // Not read before: a completed request could be answered from the cache.
        Guid id = await system.AskAsync(2, 12);
        await servers.Postgres.KillAsync();
        try
        {
            foreach (Func<Task<HttpResponseMessage>> call in new Func<Task<HttpResponseMessage>>[]
            {
                () => system.Api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation),
                () => system.Api.Client.GetAsync($"/api/status/{id}", Cancellation),
                () => system.Api.Client.GetAsync($"/api/result/{id}", Cancellation),
                () => system.Api.Client.DeleteAsync($"/api/requests/{id}", Cancellation),
            })
            {
                using HttpResponseMessage response = await call();
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.NotNull(response.Headers.RetryAfter);
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.DoesNotContain("127.0.0.1", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
            using HttpResponseMessage health = await system.Api.Client.GetAsync("/health", Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Equal("unhealthy", await PartAsync(health, "database"));
            Assert.Equal("healthy", await PartAsync(health, "queue"));
            using HttpResponseMessage ready = await system.Api.Client.GetAsync("/ready", Cancellation);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            using HttpResponseMessage alive = await system.Api.Client.GetAsync("/alive", Cancellation);
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }
        finally
        {
            await servers.Postgres.RestartAsync();
        }

        await system.CompletesAsync(await system.AskAsync(3, 12));
        Assert.DoesNotContain("unhandled exception", system.Api.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_database_that_only_reads_as_after_a_failover_fails_nothing()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            servers.Postgres, servers.RabbitMq, workers: 1, new() { ["Flow__LookEvery"] = "00:00:00.100" });
        Guid id = await system.AskAsync(500_000, 12);
        await system.WaitForAsync(id, 1);
        await system.SetReadOnlyAsync(true);
        try
        {
            using HttpResponseMessage asked = await system.Api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
            using HttpResponseMessage health = await system.Api.Client.GetAsync("/health", Cancellation);
            Assert.Equal("unhealthy", await PartAsync(health, "database"));
            // Long enough for ten tries of each batch, if tries were counted.
            await Task.Delay(5_000, Cancellation);
            Assert.Equal("processing", (await system.StatusAsync(id)).GetProperty("status").GetString());
        }
        finally
        {
            await system.SetReadOnlyAsync(false);
        }

        await system.CompletesAsync(id);
        await system.HasNoDeadLettersAsync();
    }

    [Fact]
    public async Task Processes_that_start_before_their_servers_wait_for_them()
    {
        await servers.Postgres.KillAsync();
        await servers.RabbitMq.KillAsync();
        ServiceProcess api;
        var settings = new Dictionary<string, string?> { ["Authentication__AllowAnonymous"] = "true" };
        try
        {
            settings["ConnectionStrings__primes"] = servers.Postgres.DefaultConnectionString;
            settings["ConnectionStrings__messaging"] = servers.RabbitMq.DefaultConnectionString;
            api = await ServiceProcess.StartApiAsync(settings);
            using HttpResponseMessage ready = await api.Client.GetAsync("/ready", Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            using HttpResponseMessage asked = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        }
        finally
        {
            await servers.Postgres.RestartAsync();
            await servers.RabbitMq.RestartAsync();
        }

        await using (api)
        await using (await ServiceProcess.StartWorkerAsync(settings))
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using HttpResponseMessage health = await api.Client.GetAsync("/health", Cancellation);
                    return await PartAsync(health, "database") == "healthy" && await PartAsync(health, "queue") == "healthy";
                },
                TimeSpan.FromSeconds(60),
                "the Api finds its servers");
            using HttpResponseMessage asked = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
            string status = asked.Headers.Location!.ToString();
            await Eventually.TrueAsync(
                async () => (await api.Client.GetStringAsync(status, Cancellation)).Contains("completed", StringComparison.Ordinal),
                TimeSpan.FromSeconds(60),
                "the request completes");
        }
    }

    /// <summary>
    /// A quorum queue of RabbitMQ 3.10 whose broker is killed within seconds of the queue's first declaration can come back stuck, since its
    /// state is saved with a delay. These tests are about something else.
    /// </summary>
    private static Task QueuesAreSavedAsync() => Task.Delay(TimeSpan.FromSeconds(8), Cancellation);

    private static async Task<string?> PartAsync(HttpResponseMessage health, string part)
    {
        JsonElement report = JsonDocument.Parse(await health.Content.ReadAsStringAsync(Cancellation)).RootElement;
        return report.GetProperty("parts").GetProperty(part).GetProperty("status").GetString();
    }
}
