using Npgsql;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>A PostgreSQL of the test's own: on a free port of the loopback, with its data in a temporary folder, to be killed and started at will.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-pg-").FullName;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _server;
    private int _databases;

    private PostgresServer()
    {
    }

    private static string Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.Parse(Path.GetFileName(folder))).First() + "/bin/"
        : "";

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.RunAsync("chown", ["postgres", server._folder]);
        await ChildProcess.RunAsync(Unprivileged[0], [.. Unprivileged[1..], Binaries + "initdb", "-D", server.Data, "-A", "trust", "-U", "primes", "-E", "UTF8"]);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts the server after it was killed or stopped, on the same port and data.</summary>
    public async Task RestartAsync()
    {
        _server = ChildProcess.Start(
            Unprivileged[0],
            [
                .. Unprivileged[1..], Binaries + "postgres", "-D", Data, "-p", $"{_port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1",
                "-c", "max_connections=300",
            ]);
        await Eventually.TrueAsync(IsUpAsync, TimeSpan.FromSeconds(60), "PostgreSQL accepts connections");
    }

    /// <summary>kill -9 of the server and all its processes, as in a crash of the machine.</summary>
    public async Task KillAsync()
    {
        await _server!.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"primes{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    private static string[] Unprivileged => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        : ["env"];

    /// <summary>The database that is there from the start.</summary>
    public string DefaultConnectionString => ConnectionString("postgres");

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=primes;Database={database}";

    private async Task<bool> IsUpAsync()
    {
        if (_server!.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended:\n{_server.Output}");
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
