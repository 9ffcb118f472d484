using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Tests.Requests;

/// <summary>A store on an empty database of its own, with a clock that the test controls.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private readonly ISqlDatabase _database;
    private readonly Func<ValueTask> _dispose;

    private StoreUnderTest(ISqlDatabase database, Func<ValueTask> dispose)
    {
        _database = database;
        _dispose = dispose;
        var schema = new SchemaState();
        schema.SetReady();
        Outage = new StoreOutage(Time, NullLogger<StoreOutage>.Instance);
        Store = new SqlRequestStore(database, schema, Outage, Time);
    }

    public IRequestStore Store { get; }

    public StoreOutage Outage { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public static async Task<StoreUnderTest> OpenAsync(ISqlDatabase database, Func<ValueTask> dispose)
    {
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        return new StoreUnderTest(database, dispose);
    }

    /// <summary>The number of rows in a table.</summary>
    public async Task<int> CountAsync(string table)
    {
        await using DbConnection connection = await _database.OpenAsync(TestContext.Current.CancellationToken);
        await using DbCommand command = connection.Command($"SELECT count(*) FROM {table}");
        return Convert.ToInt32(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes the data as the store never does.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using WriteTransaction transaction = await _database.BeginAsync(TestContext.Current.CancellationToken);
        await using DbCommand command = transaction.Command(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Outage.Dispose();
        return _dispose();
    }
}
