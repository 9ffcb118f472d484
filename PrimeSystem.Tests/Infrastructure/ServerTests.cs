using Npgsql;
using PrimeSystem.TestServers;
using RabbitMQ.Client;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>The servers that other tests stand on: they come up, and keep through violence what they said they have.</summary>
public sealed class ServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSQL_keeps_its_data_when_it_is_killed_and_when_it_is_stopped()
    {
        await using PostgresServer server = await OwnServers.StartPostgresAsync();
        string database = await server.CreateDatabaseAsync();
        Assert.NotEqual(database, await server.CreateDatabaseAsync());
        await ScalarAsync(database, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (1)");

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "SELECT 1"));
        await server.RestartAsync();
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM kept"));

        await server.StopAsync();
        await server.RestartAsync();
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task RabbitMQ_keeps_its_messages_when_it_is_killed_and_when_it_is_stopped()
    {
        await using RabbitMqServer server = await OwnServers.StartRabbitMqAsync();
        RabbitMqVirtualHost host = await server.CreateVirtualHostAsync();
        RabbitMqVirtualHost other = await server.CreateVirtualHostAsync();
        await DeclareAsync(host, "kept");
        await DeclareAsync(other, "kept");
        await host.PublishAsync("kept", "a message");
        Assert.Equal(0u, await other.ReadyAsync("kept"));

        await server.KillAsync();
        await server.RestartAsync();
        await Eventually.TrueAsync(async () => await host.CountAsync("kept") == (1, 0), TimeSpan.FromSeconds(20), "the message is counted");

        await server.StopAsync();
        await server.RestartAsync();
        BasicGetResult message = Assert.Single(await host.PeekAsync("kept"));
        Assert.Equal("a message"u8.ToArray(), message.Body.ToArray());
        await host.PurgeAsync("kept");
        Assert.Equal(0u, await host.ReadyAsync("kept"));
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task DeclareAsync(RabbitMqVirtualHost host, string queue)
    {
        await using IConnection connection = await new ConnectionFactory { Uri = new Uri(host.ConnectionString) }.CreateConnectionAsync(Cancellation);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: Cancellation);
    }
}
