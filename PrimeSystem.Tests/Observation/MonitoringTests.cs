using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Requests.Queue.RabbitMq;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Observation;

/// <summary>The dashboard and the alerts, checked against the metrics of a running system.</summary>
public sealed class MonitoringTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_of_the_dashboard_has_data_and_every_alert_uses_existing_metrics()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 2,
            new() { ["Metrics__Enabled"] = "true", ["Flow__SampleEvery"] = "00:00:00.500", ["Flow__Slice"] = "00:00:00.500", ["Flow__Consumers"] = "1" });
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
            [("primesystem-api", system.Api.Client.BaseAddress!), .. system.Workers.Select(worker => ("primesystem-worker", worker.Client.BaseAddress!))]);

        IReadOnlyList<(string Panel, string Query)> without = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await LoadAsync(system);
                var empty = new List<(string, string)>();
                foreach ((string panel, string query) in MonitoringFiles.Queries(rateInterval: "1m"))
                {
                    if (!(await prometheus.QueryAsync(query)).Any(double.IsFinite))
                        empty.Add((panel, query));
                }
                return (without = empty).Count == 0;
            },
            TimeSpan.FromMinutes(3),
            "every query has data",
            () => string.Join("\n", without));

        IReadOnlyList<JsonElement> rules = await prometheus.RulesAsync();
        Assert.Contains(rules, IsAlert);
        Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
        IReadOnlySet<string> metrics = await prometheus.MetricsAsync();
        Assert.All(
            rules.Select(rule => rule.GetProperty("query").GetString()!).Concat(MonitoringFiles.Queries("1m").Select(query => query.Query)),
            query => Assert.Subset(metrics.ToHashSet(), PromQl.MetricsOf(query).ToHashSet()));
        // A system that has worked raises no alert, and does not wait to raise one. Queues are sampled, so work may be over before they are seen empty.
        await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync("sum(primesystem_queue_messages) + sum(primesystem_consumer_busy)") is [0],
            TimeSpan.FromSeconds(30),
            "the work is seen to be over");
        DateTimeOffset over = TimeProvider.System.GetUtcNow();
        await Eventually.TrueAsync(
            async () => (rules = await prometheus.RulesAsync()).All(rule => rule.GetProperty("lastEvaluation").GetDateTimeOffset() > over),
            TimeSpan.FromSeconds(30),
            "the rules are evaluated again");
        Assert.All(rules.Where(IsAlert), rule => Assert.Equal("inactive", rule.GetProperty("state").GetString()));

        await system.Broker.PublishAsync(Topology.Batches, "no batch");
        await Eventually.TrueAsync(
            async () => (await prometheus.RulesAsync()).Any(rule => IsAlert(rule)
                && rule.GetProperty("name").GetString() == "PrimeSystemDeadLetters" && rule.GetProperty("state").GetString() == "firing"),
            TimeSpan.FromSeconds(60),
            "the dead letter raises its alert");
    }

    [Fact]
    public async Task The_dashboard_is_right_about_killed_workers()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 1,
            new() { ["Metrics__Enabled"] = "true", ["Flow__SampleEvery"] = "00:00:00.500", ["Flow__Consumers"] = "1" });
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(("primesystem-api", system.Api.Client.BaseAddress!));
        Guid id = await system.AskAsync(2, 9_000);
        await Eventually.TrueAsync(() => SeesAsync(consumers: 1, unfinished: 1), TimeSpan.FromSeconds(60), "the dashboard shows a worker and its request");

        await system.KillWorkerAsync(system.Workers[0]);
        await Eventually.TrueAsync(() => SeesAsync(consumers: 0, unfinished: 1), TimeSpan.FromSeconds(60), "the dashboard shows that the worker is gone");

        await system.StartWorkerAsync();
        await system.Api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);
        await Eventually.TrueAsync(() => SeesAsync(consumers: 1, unfinished: 0), TimeSpan.FromSeconds(60), "the dashboard shows the new worker and no request");

        async Task<bool> SeesAsync(double consumers, double unfinished) =>
            await prometheus.QueryAsync("max(primesystem_queue_consumers{queue=\"batches\"})") is [var c] && c == consumers
            && await prometheus.QueryAsync("sum(max by (status) (primesystem_requests_unfinished))") is [var u] && u == unfinished;
    }

    [Theory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    public async Task Rules_and_configuration_are_valid_and_the_rules_pass_their_own_tests(string verb, string what, string file)
    {
        Assert.SkipUnless(Installed.Has("promtool"), "Prometheus is not installed here.");
        await ChildProcess.RunAsync("promtool", [verb, what, Path.Combine(MonitoringFiles.Folder, file)]);
    }

    [Fact]
    public void The_panels_of_the_dashboard_are_laid_out_without_gap_or_overlap_and_say_what_they_show()
    {
        var cells = new HashSet<(int X, int Y)>();
        var ids = new HashSet<int>();
        IReadOnlyList<JsonElement> panels = MonitoringFiles.Panels();
        foreach (JsonElement panel in panels)
        {
            string title = panel.GetProperty("title").GetString()!;
            Assert.True(ids.Add(panel.GetProperty("id").GetInt32()), title);
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y, int w, int h) = (Value("x"), Value("y"), Value("w"), Value("h"));
            Assert.InRange(x + w, 1, 24);
            for (int column = x; column < x + w; column++)
            {
                for (int row = y; row < y + h; row++)
                    Assert.True(cells.Add((column, row)), $"{title} lies over another panel.");
            }
            if (panel.GetProperty("type").GetString() == "row")
                continue;
            Assert.NotEmpty(panel.GetProperty("description").GetString()!);
            Assert.NotEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!);
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target =>
                Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
            Assert.Single(panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("refId").GetString()).GroupBy(id => id)
                .Select(same => same.Count()).Distinct());

            int Value(string name) => place.GetProperty(name).GetInt32();
        }
        Assert.Equal(24 * (cells.Max(cell => cell.Y) + 1), cells.Count);
    }

    [Theory]
    [InlineData("sum by (le) (rate(a_bucket{x=~\"b|c\"}[5m])) / on (instance) group_left max(d:e:f)", "a_bucket", "d:e:f")]
    [InlineData("(max(g) or vector(0)) == 0 and h > 14.4 * 1e-3", "g", "h")]
    public void Metrics_are_found_in_expressions(string expression, params string[] metrics) =>
        Assert.Equal(metrics, PromQl.MetricsOf(expression).Order());

    private static bool IsAlert(JsonElement rule) => rule.GetProperty("type").GetString() == "alerting";

    /// <summary>Generates some of everything on the dashboard: several sizes, results, a verified number, a cancelled request.</summary>
    private static async Task LoadAsync(DistributedSystem system)
    {
        Guid[] requests =
        [
            await system.AskAsync(1, 12), await system.AskAsync(20_000, 12), await system.AskAsync(200, 60), await system.AskAsync(20, 300),
        ];
        foreach (Guid id in requests)
            await system.CompletesAsync(id, sample: 1);
        Guid expensive = await system.AskAsync(1, 5_000);
        await Task.Delay(1_000, Cancellation);
        (await system.Api.Client.DeleteAsync($"/api/requests/{expensive}", Cancellation)).Dispose();
        (await system.Api.Client.PostAsJsonAsync("/api/verify", new { numbers = new[] { "561" } }, Cancellation)).Dispose();
    }
}
