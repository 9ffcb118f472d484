using PrimeSystem.TestServers;

[assembly: AssemblyFixture(typeof(PrimeSystem.Tests.Infrastructure.SharedServers))]

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>
/// One PostgreSQL and one RabbitMQ for all tests that do them no harm, each started when it is first needed; or the running ones that are named (see
/// <see cref="NamedServers"/>). Every test has a database and a virtual host of its own on them.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _postgres =
        new(() => NamedServers.Postgres is { } running ? Task.FromResult(PostgresServer.At(running)) : OwnServers.StartPostgresAsync());

    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq =
        new(() => NamedServers.RabbitMq is { } running ? ManagedAsync(RabbitMqServer.At(running)) : OwnServers.StartRabbitMqAsync());

    internal Task<PostgresServer> PostgresAsync() => _postgres.Value;

    internal Task<RabbitMqServer> RabbitMqAsync() => _rabbitMq.Value;

    private static async Task<RabbitMqServer> ManagedAsync(RabbitMqServer running)
    {
        Assert.SkipUnless(
            await running.HasManagementAsync(),
            $"The RabbitMQ that ConnectionStrings__messaging names has no management API at {running.Management.BaseAddress}, through which each test gets a virtual host.");
        return running;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // One that did not start has ended what it began, and failed the tests that asked for it.
        if (_postgres is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _postgres.Value).DisposeAsync();
        if (_rabbitMq is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _rabbitMq.Value).DisposeAsync();
    }
}
