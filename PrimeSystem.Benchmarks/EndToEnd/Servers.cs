using Npgsql;
using PrimeSystem.TestServers;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>A PostgreSQL and a RabbitMQ of the benchmark's own, as they are delivered, on this machine's disk.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly PostgresServer _postgres;
    private readonly RabbitMqServer _rabbitMq;

    private Servers(PostgresServer postgres, RabbitMqServer rabbitMq) => (_postgres, _rabbitMq) = (postgres, rabbitMq);

    /// <summary>Seconds of processor time that the two have used.</summary>
    public (double Database, double Broker) ProcessorSeconds =>
        (ProcessFigures.ProcessorSeconds(_postgres.Id), ProcessFigures.ProcessorSeconds(_rabbitMq.Id));

    public static async Task<Servers> StartAsync()
    {
        if (!PostgresServer.IsInstalled || !RabbitMqServer.IsInstalled)
            throw new InvalidOperationException("PostgreSQL and RabbitMQ have to be installed: apt-get install postgresql rabbitmq-server");
        PostgresServer postgres = await PostgresServer.StartAsync();
        try
        {
            return new Servers(postgres, await RabbitMqServer.StartAsync());
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateDatabaseAsync() => _postgres.CreateDatabaseAsync();

    /// <summary>A new virtual host, without queues.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateBrokerAsync() => (await _rabbitMq.CreateVirtualHostAsync()).ConnectionString;

    public static async Task<int> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        await _rabbitMq.DisposeAsync();
    }
}
