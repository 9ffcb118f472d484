using System.Net.Http.Headers;
using System.Text;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>A RabbitMQ of the test's own: on free ports of the loopback, with its data in a temporary folder, to be killed and started at will.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("primes-mq-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly int _managementPort = FreePort.Next();
    private readonly int _epmdPort = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();
    private readonly ChildProcess _portMapper;
    private ChildProcess? _server;
    private int _hosts;

    private RabbitMqServer()
    {
        Management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_managementPort}") };
        Management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest")));
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_managementPort}
            collect_statistics_interval = 500
            disk_free_limit.absolute = 50MB
            """);
        File.WriteAllText(Path.Combine(_folder, "plugins"), "[rabbitmq_management].");
        // A port mapper of our own, which would otherwise stay behind when the broker ends.
        _portMapper = ChildProcess.Start("epmd", ["-port", $"{_epmdPort}", "-address", "127.0.0.1"]);
    }

    /// <summary>The virtual host that is there from the start.</summary>
    public string DefaultConnectionString => $"amqp://guest:guest@127.0.0.1:{_port}";

    /// <summary>The management API.</summary>
    public HttpClient Management { get; }

    public static async Task<RabbitMqServer> StartAsync()
    {
        var server = new RabbitMqServer();
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts the broker after it was killed, on the same ports and data.</summary>
    public async Task RestartAsync()
    {
        _server = ChildProcess.Start(Program, [], new Dictionary<string, string?>
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = $"primes{_port}@localhost",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = $"{_epmdPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        });
        await Eventually.TrueAsync(IsUpAsync, TimeSpan.FromSeconds(90), "RabbitMQ accepts connections");
    }

    /// <summary>kill -9 of the broker.</summary>
    public async Task KillAsync() => await _server!.DisposeAsync();

    /// <summary>A new, empty virtual host, so that tests do not see each other's queues.</summary>
    public async Task<RabbitMqVirtualHost> CreateVirtualHostAsync()
    {
        string name = $"test{Interlocked.Increment(ref _hosts)}";
        using HttpResponseMessage created = await Management.PutAsync($"/api/vhosts/{name}", null);
        created.EnsureSuccessStatusCode();
        using var all = new StringContent("""{"configure": ".*", "write": ".*", "read": ".*"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage permitted = await Management.PutAsync($"/api/permissions/{name}/guest", all);
        permitted.EnsureSuccessStatusCode();
        return new RabbitMqVirtualHost(this, name, $"amqp://guest:guest@127.0.0.1:{_port}/{name}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await _portMapper.DisposeAsync();
        Management.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsUpAsync()
    {
        if (_server!.HasExited)
            throw new InvalidOperationException($"RabbitMQ ended:\n{_server.Output}");
        try
        {
            using HttpResponseMessage response = await Management.GetAsync("/api/health/checks/port-listener/" + _port);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
