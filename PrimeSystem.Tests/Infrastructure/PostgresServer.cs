using System.Collections.Concurrent;
using Npgsql;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>
/// A PostgreSQL of the tests' own: on a free port of the loopback, with its data in a temporary folder, to be killed and started at will. Or a running
/// one, which only gets databases and loses them again.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly NpgsqlConnectionStringBuilder _default;
    private readonly ConcurrentBag<string> _databases = [];
    private ChildProcess? _process;

    private PostgresServer(string connectionString, string? folder)
    {
        _default = new NpgsqlConnectionStringBuilder(connectionString);
        _folder = folder;
    }

    /// <summary>The database that is there from the start.</summary>
    public string DefaultConnectionString => _default.ConnectionString;

    /// <summary>The newest that is installed as Debian does it, else what the path has.</summary>
    private static string Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories)
            .Select(initdb => Path.GetDirectoryName(initdb) + "/")
            .MaxBy(folder => int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder[..^1])), out int version) ? version : 0) ?? ""
        : "";

    // PostgreSQL refuses to run as root. The change of the user takes back that a process dies with the tests, so that is said again.
    private static string[] Unprivileged => Environment.IsPrivilegedProcess
        ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "KILL"]
        : ["--pdeathsig", "KILL"];

    private string Folder => _folder ?? throw new InvalidOperationException("This PostgreSQL is not the tests' own.");

    private string Data => Path.Combine(Folder, "data");

    /// <summary>A server that runs already, named by a connection string.</summary>
    public static PostgresServer At(string connectionString) => new(connectionString, folder: null);

    /// <summary>A server of the tests' own. Where PostgreSQL is not installed, the test that asks for it is skipped.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        Assert.SkipUnless(Installed.Has(Binaries + "initdb"), "PostgreSQL is not installed here, and this test needs one of its own.");
        string folder = Directory.CreateTempSubdirectory("primes-pg-").FullName;
        var server = new PostgresServer($"Host=127.0.0.1;Port={FreePort.Next()};Username=primes;Database=postgres", folder);
        try
        {
            if (Environment.IsPrivilegedProcess)
                await ChildProcess.RunAsync("chown", ["postgres", folder]);
            string[] create = [Binaries + "initdb", "--pgdata", server.Data, "--auth", "trust", "--username", "primes", "--encoding", "UTF8", "--no-sync"];
            await ChildProcess.RunAsync("setpriv", [.. Unprivileged, .. create]);
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server after it was killed or stopped, on the same port and data.</summary>
    public async Task RestartAsync()
    {
        string[] serve =
        [
            Binaries + "postgres", "-D", Data, "-p", $"{_default.Port}", "-k", Folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300",
        ];
        _process = ChildProcess.Start("setpriv", [.. Unprivileged, .. serve]);
        await Eventually.TrueAsync(IsUpAsync, TimeSpan.FromSeconds(60), "PostgreSQL accepts connections");
    }

    /// <summary>kill -9 of the server and all its processes.</summary>
    public Task KillAsync() => EndAsync(process => process.KillAsync());

    /// <summary>Stops the server as an operator does: transactions that run are rolled back and connections closed.</summary>
    public Task StopAsync() => EndAsync(process => process.InterruptAsync());

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(DefaultConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            foreach (string database in _databases)
                await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            return;
        }

        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync(Func<ChildProcess, Task> end)
    {
        if (_process is null)
            throw new InvalidOperationException("This PostgreSQL is not the tests' own.");
        await end(_process);
        await _process.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended:\n{_process.Output}");
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(DefaultConnectionString + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
