using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary><c>compose.yaml</c>, as Docker reads it.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Ours = ["api", "worker"];

    private static JsonObject Compose { get; } = Yaml.ReadFile(Repository.PathOf("compose.yaml"));

    private static JsonObject Services { get; } = Compose["services"]!.AsObject();

    [Fact]
    public async Task It_is_valid() => Assert.Empty(await Schemas.CheckComposeAsync(Compose));

    [Fact]
    public async Task A_mistake_in_it_is_found()
    {
        var broken = (JsonObject)Compose.DeepClone();
        broken["services"]!["api"]!["dependson"] = new JsonArray();
        Assert.Contains(await Schemas.CheckComposeAsync(broken), problem => problem.Contains("dependson", StringComparison.Ordinal));
    }

    [Fact]
    public void It_serves_this_machine_only()
    {
        string[] ports = [.. Services.SelectMany(service => service.Value!["ports"] as JsonArray ?? []).Select(port => port!.ToString())];
        Assert.Superset(
            new HashSet<string> { "127.0.0.1:8000:8080", "127.0.0.1:5432:5432", "127.0.0.1:5672:5672", "127.0.0.1:15672:15672" }, ports.ToHashSet());
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Three_workers_and_the_api_start_when_the_servers_are_healthy()
    {
        Assert.Equal(3, Services["worker"]!.At("deploy.replicas")!.GetValue<long>());
        foreach (string service in Ours)
        {
            Assert.Equal(["postgres", "rabbitmq"], Services[service]!["depends_on"]!.AsObject().Select(needed => needed.Key));
            Assert.All(Services[service]!["depends_on"]!.AsObject(), needed =>
            {
                Assert.Equal("service_healthy", needed.Value!["condition"]!.ToString());
                Assert.NotNull(Services[needed.Key]!["healthcheck"]);
            });
        }
    }

    [Fact]
    public async Task It_probes_the_servers_as_Kubernetes_does_and_runs_the_same_releases()
    {
        Overlay overlay = await Overlay.BuildAsync("local");
        foreach (string server in new[] { "postgres", "rabbitmq" })
        {
            JsonObject container = overlay.Get("StatefulSet", server).Container();
            Assert.Equal(container["image"]!.ToString(), Services[server]!["image"]!.ToString());
            Assert.Equal(
                container.At("livenessProbe.exec.command")!.AsArray().Select(word => word!.ToString()),
                Services[server]!.At("healthcheck.test")!.AsArray().Skip(1).Select(word => word!.ToString()));
        }
        foreach (string service in Ours)
            Assert.Equal(overlay.Get("Deployment", service).Container()["image"]!.ToString(), Services[service]!["image"]!.ToString());
    }

    [Fact]
    public void Every_part_of_a_connection_is_that_of_its_server()
    {
        JsonObject environment = Services["api"]!["environment"]!.AsObject();
        JsonObject postgres = Services["postgres"]!["environment"]!.AsObject();
        JsonObject rabbitmq = Services["rabbitmq"]!["environment"]!.AsObject();
        Assert.Equal(
            $"Host=postgres;Username={postgres["POSTGRES_USER"]};Password={postgres["POSTGRES_PASSWORD"]};Database={postgres["POSTGRES_DB"]}",
            environment["ConnectionStrings__primes"]!.ToString());
        Assert.Equal(
            $"amqp://{rabbitmq["RABBITMQ_DEFAULT_USER"]}:{rabbitmq["RABBITMQ_DEFAULT_PASS"]}@rabbitmq:5672",
            environment["ConnectionStrings__messaging"]!.ToString());
    }

    [Fact]
    public void Our_containers_have_no_privileges()
    {
        foreach (string service in Ours)
        {
            Assert.True(Services[service]!["read_only"]!.GetValue<bool>());
            Assert.Equal("""["ALL"]""", Services[service]!["cap_drop"]!.ToJsonString());
            Assert.Equal("""["no-new-privileges:true"]""", Services[service]!["security_opt"]!.ToJsonString());
            Assert.Equal("never", Services[service]!["pull_policy"]!.ToString());
        }
    }
}
