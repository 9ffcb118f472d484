using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Servers for one test class, which may kill them.</summary>
public sealed class PrivateServers : IAsyncLifetime
{
    internal PostgresServer Postgres { get; private set; } = null!;

    internal RabbitMqServer RabbitMq { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Task<RabbitMqServer> rabbitMq = RabbitMqServer.StartAsync();
        Postgres = await PostgresServer.StartAsync();
        RabbitMq = await rabbitMq;
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
    }
}
