using System.Text.Json.Nodes;

namespace PrimeSystem.Tests.Deployment;

/// <summary>Who can reach whom, as a cluster reads the policies.</summary>
public sealed class NetworkPolicyTests
{
    private static readonly JsonObject Anybody = new() { ["kubernetes.io/metadata.name"] = "somewhere" };

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task What_is_not_allowed_is_denied_to_every_pod_that_will_ever_be_here(string name)
    {
        JsonObject denied = (await Overlay.BuildAsync(name)).Get("NetworkPolicy", "deny-all")["spec"]!.AsObject();
        Assert.Equal("""{"podSelector":{},"policyTypes":["Ingress","Egress"]}""", denied.ToJsonString());
    }

    [Theory]
    [InlineData("production")]
    [InlineData("local")]
    public async Task Only_the_api_is_reachable_from_outside_and_only_at_its_port(string name)
    {
        IEnumerable<string> open = Reachable(await Overlay.BuildAsync(name), Anybody, pod: null);
        Assert.Equal(["api:8080"], open);
    }

    [Theory]
    [InlineData("production")]
    [InlineData("local")]
    public async Task Only_api_and_worker_reach_database_and_broker(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        string[] servers = ["postgres:5432", "rabbitmq:5672"];
        Assert.Equal(["api:8080", .. servers], ReachableWithin(overlay, "api"));
        Assert.Equal(["api:8080", .. servers], ReachableWithin(overlay, "worker"));
        Assert.Equal(["api:8080"], ReachableWithin(overlay, "postgres"));
        Assert.Equal(["api:8080"], ReachableWithin(overlay, "rabbitmq"));
    }

    [Theory]
    [InlineData("api", "postgres:5432,rabbitmq:5672,*:443,kube-system:53,monitoring:4317,monitoring:4318")]
    [InlineData("worker", "postgres:5432,rabbitmq:5672,kube-system:53,monitoring:4317,monitoring:4318")]
    [InlineData("postgres", "")]
    [InlineData("rabbitmq", "")]
    public async Task A_pod_may_go_where_it_has_to_and_nowhere_else(string pod, string expected)
    {
        Overlay overlay = await Overlay.BuildAsync("production");
        JsonObject labels = overlay.Workloads.Single(workload => workload.Name() == pod).PodLabels();
        IEnumerable<JsonObject> rules = Policies(overlay, "Egress", labels).SelectMany(policy => policy.Items("spec.egress"));
        IEnumerable<string> may = rules.SelectMany(rule => Ports(rule).Select(port =>
        {
            JsonObject? to = rule.Items("to").SingleOrDefault();
            return $"{to?.At("podSelector.matchLabels.app") ?? to?.At("namespaceSelector.matchLabels")?["kubernetes.io/metadata.name"] ?? "*"}:{port}";
        }));
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), may.Distinct().Order());
    }

    [Fact]
    public async Task Monitoring_may_scrape_and_KEDA_may_count()
    {
        Overlay overlay = await Overlay.BuildAsync("production");
        Assert.Equal(
            ["api:8080", "api:9464", "rabbitmq:15692", "worker:9464"],
            Reachable(overlay, new JsonObject { ["kubernetes.io/metadata.name"] = "monitoring" }, pod: null));
        Assert.Equal(["api:8080", "rabbitmq:15672"], Reachable(overlay, new JsonObject { ["kubernetes.io/metadata.name"] = "keda" }, pod: null));
    }

    private static IEnumerable<string> ReachableWithin(Overlay overlay, string pod) =>
        Reachable(overlay, itsNamespace: null, overlay.Workloads.Single(workload => workload.Name() == pod).PodLabels());

    /// <summary>What accepts connections of a pod: of another namespace, or with these labels in our own.</summary>
    private static IEnumerable<string> Reachable(Overlay overlay, JsonObject? itsNamespace, JsonObject? pod) => overlay.Workloads
        .SelectMany(workload => Accepted(overlay, workload, itsNamespace, pod).Select(port => $"{workload.Name()}:{port}"))
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Accepted(Overlay overlay, JsonObject workload, JsonObject? itsNamespace, JsonObject? pod)
    {
        JsonObject[] policies = [.. Policies(overlay, "Ingress", workload.PodLabels())];
        // A pod that no policy chooses accepts everything.
        return policies.Length == 0
            ? ["*"]
            : policies.SelectMany(policy => policy.Items("spec.ingress")).Where(Fits).SelectMany(Ports);

        bool Fits(JsonObject rule) => !rule.ContainsKey("from") || rule.Items("from").Any(from =>
            from["namespaceSelector"] is { } chosen
                ? itsNamespace is not null && chosen.Chooses(itsNamespace)
                : pod is not null && from["podSelector"]!.Chooses(pod));
    }

    private static IEnumerable<JsonObject> Policies(Overlay overlay, string direction, JsonObject labels) => overlay.OfKind("NetworkPolicy")
        .Where(policy => policy.At("spec.policyTypes")!.AsArray().Any(type => type!.ToString() == direction) && policy.At("spec.podSelector")!.Chooses(labels));

    private static IEnumerable<string> Ports(JsonObject rule) => rule.Items("ports").Select(port => port["port"]!.ToString());
}
