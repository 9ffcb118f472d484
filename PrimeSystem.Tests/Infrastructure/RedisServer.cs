using StackExchange.Redis;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>A Redis of a test's own, to be killed and started at will. It keeps nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";

    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private RedisServer()
    {
    }

    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>Starts one. Where Redis is not installed, the test that asks for it is skipped.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        Assert.SkipUnless(Installed.Has(Program), "Redis is not installed here, and this test needs one of its own.");
        var server = new RedisServer();
        await server.RestartAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        _process = ChildProcess.Start(Program, ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()]);
        await Eventually.TrueAsync(async () => await KeysAsync() is not null, TimeSpan.FromSeconds(30), "Redis accepts connections");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>The names of what is kept; null while it does not answer.</summary>
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
