using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>
/// The programs, started with the environments that an overlay gives their pods, on servers prepared as the overlay prepares them. Only where the servers
/// are and where the programs listen is exchanged.
/// </summary>
public sealed class RehearsalTests(SharedServers servers) : IAsyncLifetime
{
    private const string ServiceRole = "primes_service";

    /// <summary>One for each test: roles belong to a server, not to a database.</summary>
    private PostgresServer _postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _postgres = await OwnServers.StartPostgresAsync();

    public async ValueTask DisposeAsync()
    {
        // It did not start where it is not installed.
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    [Theory]
    [InlineData("production")]
    [InlineData("local")]
    public async Task Pods_start_migrate_and_become_ready(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        JsonObject api = overlay.Get("Deployment", "api");
        JsonObject migrate = Assert.Single(api.Pod().Items("initContainers"));
        string database = await PrepareDatabaseAsync(overlay);
        string broker = (await (await servers.RabbitMqAsync()).CreateVirtualHostAsync()).ConnectionString;

        // Without its init container the api runs, and is not ready.
        await using ServiceProcess service = await ServiceProcess.StartApiAsync(await EnvironmentAsync(overlay, api.Container(), database, broker));
        Assert.False(await AnswersAsync(service, api, "readinessProbe"));

        (int code, string output) = await ServiceProcess.RunApiAsync(
            migrate["args"]!.AsArray().Select(argument => argument!.ToString()), await EnvironmentAsync(overlay, migrate, database, broker));
        Assert.True(code == 0, output);

        JsonObject worker = overlay.Get("Deployment", "worker");
        await using ServiceProcess works = await ServiceProcess.StartWorkerAsync(await EnvironmentAsync(overlay, worker.Container(), database, broker));
        foreach ((ServiceProcess process, JsonObject workload) in new[] { (service, api), (works, worker) })
        {
            foreach (string probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
                await Eventually.TrueAsync(() => AnswersAsync(process, workload, probe), TimeSpan.FromMinutes(1), $"{workload.Name()} passes its {probe}");
        }
        if (name == "local")
            await WorksAsync(service);
        Assert.Equal(0, await works.TerminateAsync());
        Assert.Equal(0, await service.TerminateAsync());
    }

    [Fact]
    public async Task The_role_of_the_services_may_not_change_the_schema()
    {
        Overlay overlay = await Overlay.BuildAsync("production");
        string database = await PrepareDatabaseAsync(overlay);
        await using var connection = new NpgsqlConnection(WithRole(database));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("CREATE TABLE mine (value int)", connection);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    /// <summary>Asks for primes and gets them.</summary>
    private static async Task WorksAsync(ServiceProcess api)
    {
        using HttpResponseMessage accepted = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 20, digits = 30 }, Cancellation);
        string body = await accepted.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)accepted.StatusCode == 202, body);
        string id = JsonDocument.Parse(body).RootElement.GetProperty("request_id").GetString()!;
        await Eventually.TrueAsync(
            async () => (await api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("status").GetString() == "completed",
            TimeSpan.FromMinutes(2),
            "the request is completed");
    }

    private static async Task<bool> AnswersAsync(ServiceProcess process, JsonObject workload, string probe)
    {
        using HttpResponseMessage response = await process.Client.GetAsync(workload.Container().At($"{probe}.httpGet.path")!.ToString(), Cancellation);
        return response.IsSuccessStatusCode;
    }

    /// <summary>A database as the container of PostgreSQL makes one: the script that is mounted into it runs as the owner.</summary>
    private async Task<string> PrepareDatabaseAsync(Overlay overlay)
    {
        var owner = new NpgsqlConnectionStringBuilder(await _postgres.CreateDatabaseAsync());
        JsonObject scripts = overlay.OfKind("ConfigMap").Single(map => map.Name().StartsWith("postgres-init", StringComparison.Ordinal))["data"]!.AsObject();
        await ChildProcess.RunAsync("sh", ["-c", Assert.Single(scripts).Value!.ToString()], new Dictionary<string, string?>
        {
            ["PGHOST"] = owner.Host,
            ["PGPORT"] = owner.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["POSTGRES_USER"] = owner.Username,
            ["POSTGRES_DB"] = owner.Database,
            ["SERVICE_PASSWORD"] = "a password",
        });
        return owner.ConnectionString;
    }

    private static string WithRole(string database) =>
        new NpgsqlConnectionStringBuilder(database) { Username = ServiceRole, Password = "a password", Pooling = false }.ConnectionString;

    /// <summary>What the container is given by ConfigMaps and Secrets, with the servers of the test in place of those of the cluster.</summary>
    private static async Task<Dictionary<string, string?>> EnvironmentAsync(Overlay overlay, JsonObject container, string database, string broker)
    {
        Dictionary<string, string?> environment = overlay.Settings(container).ToDictionary(entry => entry.Key, string? (entry) => entry.Value);
        IReadOnlyList<JsonObject> secrets = await DeploymentSecrets.PrintAsync();
        foreach (string name in container.Items("envFrom").Select(source => source.At("secretRef.name")?.ToString()).OfType<string>())
        {
            foreach ((string key, JsonNode? value) in secrets.Single(secret => secret.Name() == name)["stringData"]!.AsObject())
            {
                environment[key] = key switch
                {
                    "ConnectionStrings__messaging" => broker,
                    _ when new NpgsqlConnectionStringBuilder(value!.ToString()).Username == ServiceRole => WithRole(database),
                    _ => database,
                };
            }
        }
        environment.Remove("HTTP_PORTS");
        if (environment.ContainsKey("Metrics__Url"))
            environment["Metrics__Url"] = $"http://127.0.0.1:{FreePort.Next()}";
        return environment;
    }
}
