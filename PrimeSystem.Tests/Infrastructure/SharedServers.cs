[assembly: AssemblyFixture(typeof(PrimeSystem.Tests.Infrastructure.SharedServers))]

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>
/// One PostgreSQL and one RabbitMQ for all tests that do them no harm, each started when it is first needed. Every test has a database and a virtual
/// host of its own on them.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(PostgresServer.StartAsync);
    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq = new(RabbitMqServer.StartAsync);

    internal Task<PostgresServer> PostgresAsync() => _postgres.Value;

    internal Task<RabbitMqServer> RabbitMqAsync() => _rabbitMq.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_postgres.IsValueCreated)
            await (await _postgres.Value).DisposeAsync();
        if (_rabbitMq.IsValueCreated)
            await (await _rabbitMq.Value).DisposeAsync();
    }
}
