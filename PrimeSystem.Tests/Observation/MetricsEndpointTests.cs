using System.Net;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Observation;

/// <summary>The addresses that serve the metrics, and those that do not.</summary>
public sealed class MetricsEndpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-metrics-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task By_default_the_Api_serves_no_metrics()
    {
        await using ServiceProcess api = await StartAsync([]);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.Client, "/metrics"));
    }

    [Fact]
    public async Task Metrics_Url_serves_the_metrics_alone_and_no_other_address_does()
    {
        int port = FreePort.Next();
        await using ServiceProcess api = await StartAsync(new() { ["Metrics__Url"] = $"http://127.0.0.1:{port}" });
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        string metrics = await own.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("primesystem_requests_accepted_total", metrics, StringComparison.Ordinal);
        foreach (string path in new[] { "/", "/docs", "/alive", "/api/requests", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(own, path));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.Client, "/metrics"));
        // The Host header, which a client chooses, has no effect.
        using var pretending = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = $"127.0.0.1:{port}" } };
        using HttpResponseMessage refused = await api.Client.SendAsync(pretending, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api.Client, "/api/requests"));
    }

    [Fact]
    public async Task Metrics_Enabled_serves_them_beside_everything_else_and_scrapes_and_probes_do_not_count_as_calls()
    {
        await using ServiceProcess api = await StartAsync(new() { ["Metrics__Enabled"] = "true" });
        await api.Client.GetStringAsync("/metrics", Cancellation);
        await api.Client.GetStringAsync("/health", Cancellation);
        await api.Client.GetStringAsync("/api/requests", Cancellation);

        // The exporter answers the same for some hundred milliseconds.
        string metrics = "";
        await Eventually.TrueAsync(
            async () => (metrics = await api.Client.GetStringAsync("/metrics", Cancellation)).Contains("http_server_request_duration", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the call is counted");

        string call = Assert.Single(metrics.Split('\n'), line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.Contains("http_route=\"/api/requests\"", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_address_ends_the_start_and_names_the_setting()
    {
        (int code, string output) = await ServiceProcess.RunApiAsync(
            [], new Dictionary<string, string?> { ["Data__Folder"] = _folder, ["Metrics__Url"] = "9464" });

        Assert.NotEqual(0, code);
        Assert.Contains("Metrics:Url must be an address", output, StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync(Dictionary<string, string?> settings) =>
        ServiceProcess.StartApiAsync(new Dictionary<string, string?>(settings) { ["Data__Folder"] = _folder });

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(path, Cancellation);
        return response.StatusCode;
    }
}
