using System.Collections.Concurrent;
using Npgsql;

namespace PrimeSystem.TestServers;

/// <summary>
/// A PostgreSQL server to make databases on: one of our own, which can be killed and restarted at will, or one that runs already and loses only the databases
/// made here.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresNode? _node;
    private readonly NpgsqlConnectionStringBuilder _default;
    private readonly ConcurrentBag<string> _databases = [];

    private PostgresServer(string connectionString, PostgresNode? node)
    {
        _default = new NpgsqlConnectionStringBuilder(connectionString);
        _node = node;
    }

    /// <summary>Whether PostgreSQL is installed, so that a server can be started.</summary>
    public static bool IsInstalled => PostgresNode.IsInstalled;

    /// <summary>The connection string of the database that every server has.</summary>
    public string DefaultConnectionString => _default.ConnectionString;

    /// <summary>The process id of our own server.</summary>
    public int Id => Node.Id;

    private PostgresNode Node => _node ?? throw new InvalidOperationException("This PostgreSQL was started by somebody else.");

    /// <summary>A server that runs already, named by a connection string.</summary>
    public static PostgresServer At(string connectionString) => new(connectionString, node: null);

    /// <summary>Starts a server of our own.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var node = new PostgresNode();
        var server = new PostgresServer(node.ConnectionString, node);
        try
        {
            await node.InitializeAsync();
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
        Node.Start();
        await Poll.UntilAsync(IsUpAsync, TimeSpan.FromSeconds(60), "PostgreSQL accepts connections");
    }

    /// <summary>kill -9 of the server and all its processes.</summary>
    public async Task KillAsync()
    {
        await Node.KillAsync();
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Stops the server as an operator does: transactions that run are rolled back and connections closed.</summary>
    public async Task StopAsync()
    {
        await Node.StopAsync();
        NpgsqlConnection.ClearAllPools();
    }

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
        if (_node is not null)
        {
            await _node.DisposeAsync();
            return;
        }
        foreach (string database in _databases)
            await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    private async Task<bool> IsUpAsync()
    {
        if (Node.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended:\n{Node.Output}");
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
