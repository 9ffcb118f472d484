using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Servers for one test class, which may kill them. They start with its first test, which is skipped if they are not installed.</summary>
public sealed class PrivateServers : IAsyncDisposable
{
    internal PostgresServer Postgres { get; private set; } = null!;

    internal RabbitMqServer RabbitMq { get; private set; } = null!;

    internal async Task StartAsync()
    {
        Postgres ??= await OwnServers.StartPostgresAsync();
        RabbitMq ??= await OwnServers.StartRabbitMqAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Postgres is not null)
            await Postgres.DisposeAsync();
        if (RabbitMq is not null)
            await RabbitMq.DisposeAsync();
    }
}
