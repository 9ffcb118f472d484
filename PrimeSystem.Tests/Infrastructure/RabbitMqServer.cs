using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>
/// A RabbitMQ of the tests' own, to be killed and started at will; or a running one, which only gets virtual hosts and loses them again.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
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

    /// <summary>The virtual host that is there from the start.</summary>
    public string DefaultConnectionString => _broker.OriginalString;

    /// <summary>The management API.</summary>
    public HttpClient Management { get; }

    private RabbitMqNode Node => _node ?? throw new InvalidOperationException("This RabbitMQ is not the tests' own.");

    /// <summary>A broker that runs already, named by a connection string.</summary>
    public static RabbitMqServer At(string connectionString) => new(new Uri(connectionString), UsualManagementPort, node: null);

    /// <summary>A broker of the tests' own. Where RabbitMQ is not installed, the test that asks for it is skipped.</summary>
    public static async Task<RabbitMqServer> StartAsync()
    {
        Assert.SkipUnless(Installed.Has(RabbitMqNode.Program), "RabbitMQ is not installed here, and this test needs one of its own.");
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
        await Eventually.TrueAsync(IsUpAsync, TimeSpan.FromMinutes(4), "RabbitMQ accepts connections");
    }

    /// <summary>kill -9 of the broker.</summary>
    public Task KillAsync() => Node.KillAsync();

    /// <summary>Stops the broker as an operator does.</summary>
    public Task StopAsync() => Node.StopAsync();

    /// <summary>
    /// Has the broker believe that it is short of memory, or that it is no longer: then it reads from no connection that publishes, and says nothing.
    /// </summary>
    public Task SetShortOfMemoryAsync(bool isShort) => Node.ControlAsync("set_vm_memory_high_watermark", isShort ? "0.0000001" : "0.6");

    /// <summary>A new, empty virtual host, so that tests do not see each other's queues.</summary>
    public async Task<RabbitMqVirtualHost> CreateVirtualHostAsync()
    {
        Assert.SkipUnless(
            _node is not null || await AnswersAsync("/api/overview"),
            $"The RabbitMQ that ConnectionStrings__messaging names has no management API at {Management.BaseAddress}, through which each test gets a virtual host.");
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
