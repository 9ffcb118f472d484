using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Storage.Postgres;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Requests;

/// <summary>The store on PostgreSQL.</summary>
public sealed class PostgresStoreTests(SharedServers servers) : StoreTests
{
    internal override Task<StoreUnderTest> OpenAsync() => OpenStoreAsync(servers);

    /// <summary>An empty store on a database of its own.</summary>
    internal static async Task<StoreUnderTest> OpenStoreAsync(SharedServers servers)
    {
        string connectionString = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        var dataSource = NpgsqlDataSource.Create(connectionString);
        var database = new PostgresDatabase(dataSource, connectionString, serviceRole: null, NullLogger<PostgresDatabase>.Instance);
        return await StoreUnderTest.OpenAsync(database, dataSource.DisposeAsync);
    }

    [Fact]
    public async Task One_process_sweeps_at_a_time()
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(await (await servers.PostgresAsync()).CreateDatabaseAsync());
        var database = new PostgresDatabase(dataSource, dataSource.ConnectionString, serviceRole: null, NullLogger<PostgresDatabase>.Instance);
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        IAsyncDisposable? first = await database.TryLockAsync(SweepDuty.Rescue, cancellation);
        Assert.NotNull(first);
        Assert.Null(await database.TryLockAsync(SweepDuty.Rescue, cancellation));
        await using (IAsyncDisposable? other = await database.TryLockAsync(SweepDuty.Purge, cancellation))
            Assert.NotNull(other);
        await first.DisposeAsync();

        IAsyncDisposable? second = await database.TryLockAsync(SweepDuty.Rescue, cancellation);
        Assert.NotNull(second);
        await second.DisposeAsync();
    }
}
