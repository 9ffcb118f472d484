using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Primes;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>Rate limits and work budgets of clients.</summary>
public sealed class LimitTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_calls_too_often_is_told_when_to_retry_and_others_are_not_affected()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        using var api = new StandaloneApi(new(issuer.Settings) { ["RateLimits:RequestsPerMinute"] = "5" });
        using HttpClient alice = Client(api, issuer.Token("alice"));
        using HttpClient bob = Client(api, issuer.Token("bob"));

        HttpStatusCode[] statuses = [.. (await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => alice.GetAsync("/api/requests", Cancellation)))).Select(r => r.StatusCode)];
        using HttpResponseMessage refused = await alice.GetAsync("/api/requests", Cancellation);

        Assert.InRange(statuses.Count(status => status == HttpStatusCode.OK), 5, 10);
        await AssertTooManyAsync(refused, "5 calls per minute");
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync("/api/requests", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Forwarded_addresses_count_only_behind_a_trusted_proxy()
    {
        var limited = new Dictionary<string, string?> { ["RateLimits:RequestsPerMinute"] = "3" };
        using var open = new StandaloneApi(limited);
        using var behind = new StandaloneApi(new(limited) { ["ForwardedHeaders:KnownNetworks"] = "10.1.0.0/16, 127.0.0.0/8", ["ForwardedHeaders:KnownProxies"] = "::1" });

        Assert.Contains(HttpStatusCode.TooManyRequests, await AskForAsync(open, i => $"203.0.113.{i}"));
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await AskForAsync(behind, i => $"203.0.113.{i}"));
        // A client that writes the header itself is still the one that the proxy saw, and a customer's IPv6 addresses are one client.
        Assert.Contains(HttpStatusCode.TooManyRequests, await AskForAsync(behind, i => $"198.51.100.{i}, 203.0.113.99"));
        Assert.Contains(HttpStatusCode.TooManyRequests, await AskForAsync(behind, i => $"2001:db8:0:1::{i}"));
    }

    [Fact]
    public async Task Concurrent_calls_of_verify_are_limited()
    {
        using var api = new StandaloneApi(new() { ["RateLimits:VerificationsAtOnce"] = "1" });
        string slow = (System.Numerics.BigInteger.Pow(2, 4423) - 1).ToString(CultureInfo.InvariantCulture);

        HttpResponseMessage[] answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => api.Client.PostAsJsonAsync("/api/verify", new { numbers = new[] { slow } }, Cancellation)));

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await AssertTooManyAsync(Assert.IsType<HttpResponseMessage>(answers.FirstOrDefault(a => a.StatusCode == HttpStatusCode.TooManyRequests)), "1 concurrent calls of verify");
        Assert.Equal(HttpStatusCode.OK, (await api.Client.PostAsJsonAsync("/api/verify", new { numbers = new[] { "17" } }, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_standalone_system_has_no_limits_unless_configured()
    {
        using var api = new StandaloneApi();
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 4_000).Select(_ => api.Client.GetAsync("/api/requests", Cancellation)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task A_request_that_exceeds_even_a_full_budget_is_400_and_names_the_largest_quantity()
    {
        using var api = new StandaloneApi(new() { ["RateLimits:Work:Burst"] = "01:00:00", ["RateLimits:Work:PerDay"] = "01:00:00" });
        int most = (int)(3_600 / PrimeCost.ReferenceSeconds(10_000));

        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new { quantity = most + 1, digits = 10_000 }, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"at most {most} at 10000 digits", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_budget_is_exact_however_many_replicas_are_called_at_once(bool distributed)
    {
        // Ten orders of one prime each fit; what flows in meanwhile is less than one more.
        const int digits = 5_000;
        double each = PrimeCost.ReferenceSeconds(digits);
        var settings = new Dictionary<string, string?>
        {
            ["RateLimits__Work__Burst"] = TimeSpan.FromSeconds(10.5 * each).ToString("c", CultureInfo.InvariantCulture),
            ["RateLimits__Work__PerDay"] = "01:00:00",
        };
        string folder = Directory.CreateTempSubdirectory("primes-budget-").FullName;
        settings = distributed
            ? DistributedSystem.Settings(
                await (await servers.PostgresAsync()).CreateDatabaseAsync(), await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(), settings)
            : new(settings) { ["Data__Folder"] = folder };
        await using ServiceProcess one = await ServiceProcess.StartApiAsync(settings);
        await using ServiceProcess? another = distributed ? await ServiceProcess.StartApiAsync(settings) : null;
        ServiceProcess two = another ?? one;

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => OrderAsync(i % 2 == 0 ? one : two)));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        HttpResponseMessage[] refused = [.. answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted)];
        foreach (HttpResponseMessage answer in refused)
            await AssertTooManyAsync(answer, "core-hours of work left");
        // Half an order is missing, and an hour's work flows in each day.
        Assert.InRange(refused[0].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 24 * 0.4 * each, 24 * 0.5 * each + 1);
        // What was refused left nothing behind.
        JsonElement page = await two.Client.GetFromJsonAsync<JsonElement>("/api/requests", Cancellation);
        Assert.Equal(10, page.GetProperty("requests").GetArrayLength());
        foreach (JsonElement request in page.GetProperty("requests").EnumerateArray())
            await one.Client.DeleteAsync($"/api/requests/{request.GetProperty("request_id").GetGuid()}", Cancellation);
        await one.DisposeAsync();
        Directory.Delete(folder, recursive: true);

        static Task<HttpResponseMessage> OrderAsync(ServiceProcess api) => api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits }, Cancellation);
    }

    private static HttpClient Client(StandaloneApi api, string token)
    {
        var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task<List<HttpStatusCode>> AskForAsync(StandaloneApi api, Func<int, string> forwardedFor)
    {
        var statuses = new List<HttpStatusCode>();
        for (int i = 1; i <= 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/requests");
            request.Headers.Add("X-Forwarded-For", forwardedFor(i));
            statuses.Add((await api.Client.SendAsync(request, Cancellation)).StatusCode);
        }
        return statuses;
    }

    private static async Task AssertTooManyAsync(HttpResponseMessage response, string because)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains(because, (await StandaloneApi.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
