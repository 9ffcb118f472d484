using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace PrimeSystem.TestServers;

/// <summary>
/// A RabbitMQ broker to make virtual hosts on: one of our own, which can be killed and restarted at will, or one that runs already and loses only the virtual
/// hosts made here.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const int UsualManagementPort = 15_672;

    private readonly Uri _broker;
    private readonly RabbitMqNode? _node;
    private readonly string _user;
    private readonly ConcurrentBag<string> _hosts = [];

    private RabbitMqServer(Uri broker, int managementPort, RabbitMqNode? node)
    {
        _broker = broker;
        _node = node;
        string credentials = broker.UserInfo.Length > 0 ? Uri.UnescapeDataString(broker.UserInfo) : "guest:guest";
        _user = credentials.Split(':')[0];
        Management = new HttpClient { BaseAddress = new UriBuilder("http", broker.Host, managementPort).Uri };
        Management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    /// <summary>Whether RabbitMQ is installed, so that a broker can be started.</summary>
    public static bool IsInstalled => Installed.Has(RabbitMqNode.Program);

    /// <summary>The connection string of the virtual host that every broker has.</summary>
    public string DefaultConnectionString => _broker.OriginalString;

    /// <summary>The management API.</summary>
    public HttpClient Management { get; }

    /// <summary>The process id of our own broker.</summary>
    public int Id => Node.Id;

    private RabbitMqNode Node => _node ?? throw new InvalidOperationException("This RabbitMQ was started by somebody else.");

    /// <summary>A broker that runs already, named by a connection string.</summary>
    public static RabbitMqServer At(string connectionString) => new(new Uri(connectionString), UsualManagementPort, node: null);

    /// <summary>Starts a broker of our own.</summary>
    public static async Task<RabbitMqServer> StartAsync()
    {
        var node = new RabbitMqNode();
        var server = new RabbitMqServer(new Uri($"amqp://guest:guest@127.0.0.1:{node.Port}"), node.ManagementPort, node);
        try
        {
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the broker after it was killed or stopped, on the same ports and data.</summary>
    public async Task RestartAsync()
    {
        Node.Start();
        await Poll.UntilAsync(IsUpAsync, TimeSpan.FromMinutes(4), "RabbitMQ accepts connections");
    }

    /// <summary>kill -9 of the broker.</summary>
    public Task KillAsync() => Node.KillAsync();

    /// <summary>Stops the broker as an operator does.</summary>
    public Task StopAsync() => Node.StopAsync();

    /// <summary>Raises or clears the broker's memory alarm. While it is raised, the broker reads from no connection that publishes.</summary>
    public Task SetShortOfMemoryAsync(bool isShort) => Node.ControlAsync("set_vm_memory_high_watermark", isShort ? "0.0000001" : "0.6");

    /// <summary>Whether the management API answers, through which virtual hosts are made.</summary>
    public Task<bool> HasManagementAsync() => AnswersAsync("/api/overview");

    /// <summary>A new, empty virtual host, so that tests do not see each other's queues.</summary>
    public async Task<RabbitMqVirtualHost> CreateVirtualHostAsync()
    {
        string name = $"test-{Guid.NewGuid():N}";
        using HttpResponseMessage created = await Management.PutAsync($"/api/vhosts/{name}", null);
        created.EnsureSuccessStatusCode();
        _hosts.Add(name);
        using var all = new StringContent("""{"configure": ".*", "write": ".*", "read": ".*"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage permitted = await Management.PutAsync($"/api/permissions/{name}/{Uri.EscapeDataString(_user)}", all);
        permitted.EnsureSuccessStatusCode();
        return new RabbitMqVirtualHost(this, name, new UriBuilder(_broker) { Path = name }.Uri.OriginalString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
        else
        {
            foreach (string host in _hosts)
                (await Management.DeleteAsync($"/api/vhosts/{host}")).Dispose();
        }

        Management.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        if (Node.HasExited)
            throw new InvalidOperationException($"RabbitMQ ended:\n{Node.Output}");
        return await AnswersAsync($"/api/health/checks/port-listener/{Node.Port}");
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using HttpResponseMessage response = await Management.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
