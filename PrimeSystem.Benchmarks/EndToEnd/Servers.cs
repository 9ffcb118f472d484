using Npgsql;
using PrimeSystem.Tests.Infrastructure;
using RabbitMQ.Client;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>A PostgreSQL and a RabbitMQ of the benchmark's own, as they are delivered, on this machine's disk.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(120);
    private readonly PostgresNode _postgres = new();
    private readonly RabbitMqNode _rabbitMq = new();
    private int _databases;

    public string Broker => $"amqp://guest:guest@127.0.0.1:{_rabbitMq.Port}";

    /// <summary>Seconds of processor time that the two have used.</summary>
    public (double Database, double Broker) ProcessorSeconds =>
        (ProcessFigures.ProcessorSeconds(_postgres.Id), ProcessFigures.ProcessorSeconds(_rabbitMq.Id));

    public static async Task<Servers> StartAsync()
    {
        if (!PostgresNode.IsInstalled || !Installed.Has(RabbitMqNode.Program))
            throw new InvalidOperationException("PostgreSQL and RabbitMQ have to be installed: apt-get install postgresql rabbitmq-server");
        var servers = new Servers();
        try
        {
            servers._rabbitMq.Start();
            await servers._postgres.InitializeAsync();
            servers._postgres.Start();
            await AnswersAsync(() => ExecuteAsync(servers._postgres.ConnectionString, "SELECT 1"));
            await AnswersAsync(async () =>
                await (await new ConnectionFactory { Uri = new Uri(servers.Broker) }.CreateConnectionAsync()).DisposeAsync());
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"bench{++_databases}";
        await ExecuteAsync(_postgres.ConnectionString, $"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Empties the broker: every deployment begins with a new database.</summary>
    public async Task DeleteQueuesAsync()
    {
        await using IConnection connection = await new ConnectionFactory { Uri = new Uri(Broker) }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        foreach (string queue in new[] { "primes.batches", "primes.express", "primes.dead" })
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
    }

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

    private static async Task AnswersAsync(Func<Task> ask)
    {
        DateTime until = DateTime.UtcNow + StartsWithin;
        while (true)
        {
            try
            {
                await ask();
                return;
            }
            catch (Exception) when (DateTime.UtcNow < until)
            {
                await Task.Delay(200);
            }
        }
    }
}
