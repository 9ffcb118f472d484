using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Observation;

/// <summary>A Prometheus server that scrapes processes twice a second and evaluates the system's rules.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-prometheus-").FullName;
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(IEnumerable<(string Job, Uri Target)> targets)
    {
        string jobs = string.Join("\n", targets.GroupBy(target => target.Job).Select(job =>
            $$"""
                - job_name: {{job.Key}}
                  static_configs:
                    - targets: [{{string.Join(", ", job.Select(target => $"'{target.Target.Authority}'"))}}]
            """));
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"), $"""
            global:
              scrape_interval: 500ms
              evaluation_interval: 1s
            rule_files: ['{MonitoringFiles.Alerts}']
            scrape_configs:
            {jobs}
            """);
        int port = FreePort.Next();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = ChildProcess.Start(
            "prometheus",
            [
                $"--config.file={Path.Combine(_folder, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
            ]);
    }

    /// <summary>Starts a server that scrapes these processes. Where Prometheus is not installed, the test is skipped.</summary>
    public static async Task<PrometheusServer> StartAsync(params (string Job, Uri Target)[] targets)
    {
        Assert.SkipUnless(Installed.Has("prometheus"), "Prometheus is not installed here, and this test needs one of its own.");
        var server = new PrometheusServer(targets);
        try
        {
            await Eventually.TrueAsync(server.IsReadyAsync, TimeSpan.FromSeconds(60), "Prometheus is ready");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The values of an instant query; it fails if the expression does not parse.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        JsonElement answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        JsonElement data = answer.GetProperty("data");
        Assert.Equal("vector", data.GetProperty("resultType").GetString());
        return
        [
            .. data.GetProperty("result").EnumerateArray()
                .Select(sample => double.Parse(sample.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal))),
        ];
    }

    /// <summary>The names of all metrics.</summary>
    public async Task<IReadOnlySet<string>> MetricsAsync()
    {
        JsonElement answer = await GetAsync("/api/v1/label/__name__/values");
        return answer.GetProperty("data").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
    }

    /// <summary>All rules in their current state.</summary>
    public async Task<IReadOnlyList<JsonElement>> RulesAsync()
    {
        JsonElement answer = await GetAsync("/api/v1/rules");
        return [.. answer.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, TestContext.Current.CancellationToken);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {answer}");
        return answer;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Prometheus ended:\n{_process.Output}");
        try
        {
            using HttpResponseMessage response = await _client.GetAsync("/-/ready", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
