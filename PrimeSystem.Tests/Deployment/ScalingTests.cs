using System.Globalization;
using System.Text.Json.Nodes;
using PrimeSystem.Requests.Queue.RabbitMq;

namespace PrimeSystem.Tests.Deployment;

/// <summary>The numbers of production fit each other.</summary>
public sealed class ScalingTests
{
    [Fact]
    public async Task Workers_follow_the_depth_of_both_queues()
    {
        JsonObject scaled = (await Overlay.BuildAsync("production")).Get("ScaledObject", "worker");
        JsonObject[] triggers = [.. scaled.Items("spec.triggers")];
        Assert.Equal([Topology.Batches, Topology.Express], triggers.Select(trigger => trigger.At("metadata.queueName")!.ToString()));
        // By the management API, which counts messages that workers hold: by the other protocol long searches would lose their workers.
        Assert.All(triggers, trigger => Assert.Equal("http", trigger.At("metadata.protocol")!.ToString()));
    }

    [Theory]
    [InlineData("production", "ScaledObject", "spec.maxReplicaCount")]
    [InlineData("alternatives", "HorizontalPodAutoscaler", "spec.maxReplicas")]
    public async Task The_window_is_twice_the_largest_number_of_consumers(string name, string kind, string largest)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        JsonObject worker = overlay.Get("Deployment", "worker").Container();
        int consumers = int.Parse(worker.At("resources.limits.cpu")!.ToString(), CultureInfo.InvariantCulture) + 1;
        long workers = overlay.Get(kind, "worker").At(largest)!.GetValue<long>();
        string window = (2 * workers * consumers).ToString(CultureInfo.InvariantCulture);

        Assert.Equal(window, overlay.Settings(worker)["Flow__Window"]);
        Assert.Equal(window, overlay.Settings(overlay.Get("Deployment", "api").Container())["Flow__Window"]);
        if (overlay.OfKind("ScaledObject").SingleOrDefault() is { } scaled)
            Assert.Equal(consumers.ToString(CultureInfo.InvariantCulture), scaled.Items("spec.triggers").First().At("metadata.value")!.ToString());
    }

    [Theory]
    [InlineData("production")]
    [InlineData("alternatives")]
    public async Task Who_is_scaled_says_no_number_of_replicas(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        string[] scaled = [.. overlay.OfKind("HorizontalPodAutoscaler", "ScaledObject").Select(o => o.At("spec.scaleTargetRef.name")!.ToString())];
        Assert.Equal(["api", "worker"], scaled.Order());
        Assert.All(scaled, deployment => Assert.Null(overlay.Get("Deployment", deployment).At("spec.replicas")));
    }

    [Fact]
    public async Task One_value_sizes_the_volumes()
    {
        Overlay changed = await ChangedAsync("storage: 20Gi", "storage: 77Gi");
        Assert.Equal(2, changed.OfKind("StatefulSet").Count());
        Assert.All(
            changed.OfKind("StatefulSet"),
            server => Assert.Equal("77Gi", Assert.Single(server.Items("spec.volumeClaimTemplates")).At("spec.resources.requests.storage")!.ToString()));
    }

    [Fact]
    public async Task One_place_names_the_host_and_who_signs_the_tokens()
    {
        Overlay changed = await ChangedAsync("primes.example.com", "primes.test");
        Assert.Equal("primes.test", changed.Get("Ingress", "api").Items("spec.rules").Single()["host"]!.ToString());
        Assert.Equal("primes.test", changed.Get("Ingress", "api").Items("spec.tls").Single()["hosts"]![0]!.ToString());

        changed = await ChangedAsync("https://login.example.com/realms/primes", "https://id.test");
        Assert.Equal("https://id.test", changed.Settings(changed.Get("Deployment", "api").Container())["Authentication__Authority"]);
    }

    [Fact]
    public async Task A_changed_setting_rolls_the_pods()
    {
        Overlay changed = await ChangedAsync("audience: prime-system", "audience: others");
        Overlay production = await Overlay.BuildAsync("production");
        Assert.NotEqual(
            production.Get("Deployment", "api").Pod().ToJsonString(),
            changed.Get("Deployment", "api").Pod().ToJsonString());
    }

    private static Task<Overlay> ChangedAsync(string text, string instead) => Overlay.BuildChangedAsync(production =>
    {
        string settings = Path.Combine(production, "settings.yaml");
        string before = File.ReadAllText(settings);
        Assert.Contains(text, before, StringComparison.Ordinal);
        File.WriteAllText(settings, before.Replace(text, instead, StringComparison.Ordinal));
    });
}
