using System.Text.Json.Nodes;

namespace PrimeSystem.Tests.Deployment;

/// <summary>What refers to something refers to what is there.</summary>
public sealed class OverlayTests
{
    private static readonly string[] Stateful = ["postgres", "rabbitmq"];

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Selectors_choose_the_pods_that_they_mean(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        Assert.All(overlay.Workloads, workload => Assert.True(workload.At("spec.selector")!.Chooses(workload.PodLabels())));
        foreach (JsonObject o in overlay.OfKind("Service"))
        {
            var selector = new JsonObject { ["matchLabels"] = o.At("spec.selector")!.DeepClone() };
            Assert.Equal(o.Name(), Assert.Single(overlay.Workloads, workload => selector.Chooses(workload.PodLabels())).Name());
        }
        Assert.All(overlay.OfKind("PodDisruptionBudget"), o => Assert.Equal([o.Name()], Chosen(overlay, o.At("spec.selector")!)));
        Assert.All(
            overlay.Workloads,
            workload => Assert.All(
                workload.Pod().Items("topologySpreadConstraints"),
                constraint => Assert.Equal([workload.Name()], Chosen(overlay, constraint["labelSelector"]!))));
        Assert.All(
            overlay.OfKind("HorizontalPodAutoscaler", "ScaledObject"),
            o => Assert.Contains(overlay.OfKind("Deployment"), workload => workload.Name() == o.At("spec.scaleTargetRef.name")!.ToString()));
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Ports_are_those_that_the_containers_have(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        foreach (JsonObject service in overlay.OfKind("Service"))
        {
            IEnumerable<string> open = Ports(overlay.Workloads.Single(workload => workload.Name() == service.Name()));
            Assert.All(service.Items("spec.ports"), port => Assert.Contains(port["targetPort"]!.ToString(), open));
        }
        foreach (JsonObject ingress in overlay.OfKind("Ingress"))
        {
            JsonNode backend = ingress.Items("spec.rules").Single().Items("http.paths").Single()["backend"]!["service"]!;
            Assert.Contains(
                overlay.Get("Service", backend["name"]!.ToString()).Items("spec.ports"),
                port => port["name"]!.ToString() == backend.At("port.name")!.ToString());
            Assert.Equal(ingress.Items("spec.rules").Single()["host"]!.ToString(), ingress.Items("spec.tls").Single()["hosts"]![0]!.ToString());
        }
        foreach (JsonObject workload in overlay.Workloads)
        {
            IEnumerable<string> open = Ports(workload);
            foreach (JsonObject probe in Probes(workload.Container()).Where(probe => probe.ContainsKey("httpGet")))
                Assert.Equal("8080", open.SkipWhile(port => port != probe.At("httpGet.port")!.ToString()).ElementAt(1));
            if (workload.At("spec.template.metadata.annotations")?["prometheus.io/port"] is { } scraped)
                Assert.Contains(scraped.ToString(), open);
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Services_listen_at_the_ports_of_their_containers(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        foreach (JsonObject service in overlay.OfKind("Deployment"))
        {
            Dictionary<string, string> settings = overlay.Settings(service.Container());
            Assert.Equal(["metrics", settings["Metrics__Url"].Split(':')[^1], "http", settings["HTTP_PORTS"]], Ports(service));
            Assert.DoesNotContain("ASPNETCORE_URLS", settings.Keys);
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Volumes_and_ConfigMaps_that_are_used_are_there_and_none_is_left_over(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        var used = new HashSet<string>();
        foreach (JsonObject workload in overlay.Workloads)
        {
            JsonObject pod = workload.Pod();
            string[] volumes =
            [
                .. pod.Items("volumes").Select(volume => volume["name"]!.ToString()),
                .. workload.Items("spec.volumeClaimTemplates").Select(claim => claim.Name()),
            ];
            Assert.All(
                pod.AllContainers(),
                container => Assert.All(container.Items("volumeMounts"), mount => Assert.Contains(mount["name"]!.ToString(), volumes)));
            IEnumerable<JsonObject> sources = pod.AllContainers().SelectMany(container => container.Items("envFrom"));
            used.UnionWith(sources.Select(source => source.At("configMapRef.name")?.ToString() ?? ""));
            used.UnionWith(pod.Items("volumes").Select(volume => volume.At("configMap.name")?.ToString() ?? ""));
        }
        Assert.Equal(overlay.OfKind("ConfigMap").Select(map => map.Name()).Order(), used.Where(map => map.Length > 0).Order());
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task All_is_in_one_namespace(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        Assert.Equal("prime-system", Assert.Single(overlay.OfKind("Namespace")).Name());
        Assert.All(overlay.Objects.Where(o => o.Kind() != "Namespace"), o => Assert.Equal("prime-system", o.At("metadata.namespace")?.ToString()));
    }

    [Fact]
    public async Task Managed_servers_leave_nothing_of_ours_behind()
    {
        Overlay overlay = await Overlay.BuildAsync("alternatives");
        Assert.DoesNotContain(
            overlay.Objects, o => o.Kind() != "NetworkPolicy" && Stateful.Any(server => o.Name().StartsWith(server, StringComparison.Ordinal)));
        Assert.Equal("LoadBalancer", overlay.Get("Service", "api").At("spec.type")!.ToString());
        Assert.Empty(overlay.OfKind("Ingress", "ScaledObject"));
    }

    private static IEnumerable<string> Chosen(Overlay overlay, JsonNode selector) =>
        overlay.Workloads.Where(workload => selector.Chooses(workload.PodLabels())).Select(workload => workload.Name());

    /// <summary>Each port's name, if it has one, and number.</summary>
    private static IEnumerable<string> Ports(JsonObject workload) => workload.Container().Items("ports")
        .SelectMany(port => new[] { port["name"]?.ToString() ?? "", port["containerPort"]!.ToString() });

    private static IEnumerable<JsonObject> Probes(JsonObject container) =>
        new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(probe => container[probe]).OfType<JsonObject>();
}
