using StackExchange.Redis;

namespace PrimeSystem.TestServers;

/// <summary>A Redis server of our own, which can be killed and restarted at will. It keeps nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";

    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private RedisServer()
    {
    }

    /// <summary>Whether Redis is installed, so that a server can be started.</summary>
    public static bool IsInstalled => Installed.Has(Program);

    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>Starts a server.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.RestartAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        _process = ChildProcess.Start(Program, ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()]);
        await Poll.UntilAsync(async () => await KeysAsync() is not null, TimeSpan.FromSeconds(30), "Redis accepts connections");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>The keys that the server has; null while it does not answer.</summary>
    public async Task<string[]?> KeysAsync()
    {
        try
        {
            await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},connectTimeout=500");
            return [.. connection.GetServer("127.0.0.1", _port).Keys().Select(key => key.ToString())];
        }
        catch (RedisConnectionException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
