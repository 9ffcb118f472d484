using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Tests.Api.Security;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Requests;

/// <summary>The cache of completed requests saves reads of the database, and changes no answer.</summary>
public sealed class CacheTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_completed_request_is_read_from_the_database_once_and_its_owner_is_checked_each_time()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        using var api = new StandaloneApi(issuer.Settings);
        using HttpClient alice = Client(api, issuer.Token("alice"));
        using HttpClient bob = Client(api, issuer.Token("bob"));
        using HttpResponseMessage asked = await alice.PostAsJsonAsync("/api/new", new { quantity = 2, digits = 12 }, Cancellation);
        string status = asked.Headers.Location!.ToString();
        await Eventually.TrueAsync(
            async () => (await alice.GetStringAsync(status, Cancellation)).Contains("completed", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "it ends");

        // It is in the cache now, by her own look at it.
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(status, Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(status, Cancellation)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync(status.Replace("status", "requests", StringComparison.Ordinal) + "?purge=true", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync(status, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Replicas_share_what_is_completed_through_Redis_and_go_on_when_it_dies()
    {
        await using RedisServer redis = await OwnServers.StartRedisAsync();
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 1, new()
            {
                ["ConnectionStrings__cache"] = redis.ConnectionString,
                ["Flow__SweepEvery"] = "00:10:00",
                ["Flow__Consumers"] = "1",
            });
        await using ServiceProcess other = await system.StartAnotherApiAsync();
        Guid running = await system.AskAsync(1, 9_000);
        Guid id = await system.AskAsync(3, 12);
        await system.CompletesAsync(id);

        JsonElement before = await system.StatusAsync(id);
        await system.StatusAsync(running);
        Assert.Equal([$"primes:completed:{id:N}"], (await redis.KeysAsync())!);

        // Only the shared level can know it: in the database it is gone.
        await system.ExecuteAsync($"UPDATE requests SET purged_at = now() WHERE id = '{id}'");
        Assert.Equal(before.GetRawText(), await other.Client.GetStringAsync($"/api/status/{id}", Cancellation));
        await system.ExecuteAsync($"UPDATE requests SET purged_at = NULL WHERE id = '{id}'");

        await redis.KillAsync();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(before.GetRawText(), await other.Client.GetStringAsync($"/api/status/{id}", Cancellation));
            await system.StatusAsync(running);
        }
        await system.CompletesAsync(await system.AskAsync(2, 12));

        await redis.RestartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await system.StatusAsync(id);
                return await redis.KeysAsync() is { Length: > 0 };
            },
            TimeSpan.FromSeconds(60),
            "Redis is used again");
        Assert.Equal(HttpStatusCode.NoContent, (await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation)).StatusCode);
        Assert.DoesNotContain($"primes:completed:{id:N}", (await redis.KeysAsync())!);
        Assert.Equal(HttpStatusCode.NotFound, (await system.Api.Client.GetAsync($"/api/status/{id}", Cancellation)).StatusCode);
        await Eventually.TrueAsync(
            async () => (await other.Client.GetAsync($"/api/status/{id}", Cancellation)).StatusCode == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(30),
            "the other replica has noticed");
        Assert.All(new[] { system.Api.Output, other.Output }, output => Assert.DoesNotContain("Unhandled", output, StringComparison.OrdinalIgnoreCase));
    }

    private static HttpClient Client(StandaloneApi api, string token)
    {
        var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
