using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>Parts that join when configuration asks for them.</summary>
public sealed class ExtrasTests
{
    [Fact]
    public async Task Redis_is_the_cache_of_the_api()
    {
        await using Model model = await Model.CreateAsync([.. Model.Publish, "--Extras:Redis=true"]);

        Assert.IsType<RedisResource>(model["cache"]);
        Assert.Equal("{cache.connectionString}", (await model.EnvironmentAsync("api"))["ConnectionStrings__cache"]);
        Assert.DoesNotContain("ConnectionStrings__cache", (await model.EnvironmentAsync("worker")).Keys);
        Assert.Contains(model["api"].Annotations.OfType<WaitAnnotation>(), wait => wait.Resource.Name == "cache");
    }

    [Fact]
    public async Task Keycloak_issues_the_tokens_that_the_api_demands()
    {
        await using Model model = await Model.CreateAsync(Model.Containers, "--Extras:Keycloak=true");
        ContainerResource keycloak = model.Get<ContainerResource>("keycloak");

        IReadOnlyDictionary<string, string?> environment = await model.EnvironmentAsync("api");
        Assert.Equal("{keycloak.bindings.http.url}/realms/primes", environment["Authentication__Authority"]);
        Assert.Equal("primes", environment["Authentication__Audience"]);
        Assert.Contains(model["api"].Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == keycloak);
        Assert.True(model.Get<ParameterResource>("keycloak-client-secret").Secret);
        Assert.True(model.Get<ParameterResource>("keycloak-password").Secret);
        Assert.Single(keycloak.Annotations.OfType<HealthCheckAnnotation>(), check => check.Key.Contains("/health/ready", StringComparison.Ordinal));
        ContainerMountAnnotation import = Assert.Single(keycloak.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal("/opt/keycloak/data/import", import.Target);
        Assert.True(File.Exists(Path.Combine(import.Source!, "primes-realm.json")));
    }

    [Fact]
    public async Task The_realm_knows_every_scope_and_holds_no_secret()
    {
        await using FileStream file = File.OpenRead(Repository.PathOf("PrimeSystem.AppHost/Extras/keycloak/primes-realm.json"));
        JsonElement realm = (await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal(["primes:read", "primes:write", "primes:admin"], realm.GetProperty("clientScopes").EnumerateArray().Select(Name));
        JsonElement client = Assert.Single(realm.GetProperty("clients").EnumerateArray());
        Assert.Equal("${PRIMES_CLIENT_SECRET}", client.GetProperty("secret").GetString());
        // Without these two the api would turn every token down.
        Assert.Equal(["subject", "audience"], client.GetProperty("protocolMappers").EnumerateArray().Select(Name));

        static string? Name(JsonElement element) => element.GetProperty("name").GetString();
    }

    [Fact]
    public async Task Monitoring_shows_the_projects_own_alerts_and_dashboards()
    {
        await using Model model = await Model.CreateAsync(Model.Containers, "--Extras:Monitoring=true");

        IEnumerable<ContainerMountAnnotation> mounts = from name in new[] { "prometheus", "grafana" }
                                                       from mount in model[name].Annotations.OfType<ContainerMountAnnotation>()
                                                       select mount;
        foreach (string service in new[] { "api", "worker" })
        {
            Assert.Equal(
                "{prometheus.bindings.http.url}/api/v1/otlp/v1/metrics",
                (await model.EnvironmentAsync(service))["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"]);
        }
        Assert.Equal(
            ["/etc/grafana/dashboards", "/etc/grafana/provisioning", "/etc/prometheus/alerts.yml", "/etc/prometheus/prometheus.yml"],
            mounts.Select(mount => mount.Target).Order(StringComparer.Ordinal));
        Assert.All(mounts, mount => Assert.True(mount.IsReadOnly && Path.Exists(mount.Source), $"{mount.Source} is not there."));
    }
}
