using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>The base of the stores on SQL: reads, writes and retries.</summary>
internal abstract class SqlStore(ISqlDatabase database, SchemaState schema, StoreOutage outage)
{
    protected ISqlDatabase Database { get; } = database;

    protected StoreOutage Outage { get; } = outage;

    protected Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken) => GuardAsync(
        StoreDemand.Answer,
        async () =>
        {
            await using DbConnection connection = await Database.OpenAsync(cancellationToken);
            return await query(connection);
        },
        cancellationToken);

    protected Task<T> TransactAsync<T>(
        Func<WriteTransaction, Task<T>> work, CancellationToken cancellationToken, StoreDemand demand = StoreDemand.Rows, int tries = 2) => GuardAsync(
        demand,
        async () =>
        {
            await using WriteTransaction transaction = await Database.BeginAsync(cancellationToken);
            return await work(transaction);
        },
        cancellationToken,
        tries);

    /// <summary>One statement, a transaction by itself: no round trips to begin and to commit.</summary>
    protected Task<int> WriteAsync(string sql, (string, object?)[] parameters, CancellationToken cancellationToken) => GuardAsync(
        StoreDemand.Rows,
        async () =>
        {
            await using Writer writer = await Database.OpenWriterAsync(cancellationToken);
            await using DbCommand command = writer.Connection.Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>
    /// Runs an operation, and once more if the database was unavailable: after its restart every pooled connection fails once.
    /// </summary>
    protected async Task<T> GuardAsync<T>(StoreDemand demand, Func<Task<T>> operation, CancellationToken cancellationToken, int tries = 2)
    {
        schema.ThrowIfNotReady();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                T result = await operation();
                Outage.Succeeded(demand);
                return result;
            }
            catch (Exception e) when (Database.FailureOf(e) is { } failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (attempt < tries)
                    continue;
                Outage.Failed(demand, failure, e.Message);
                throw new StoreUnavailableException(failure.Reason, e);
            }
            catch (Exception e) when (tries > 1 && Database.IsConflict(e))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (attempt >= tries)
                    throw new StoreUnavailableException("The database is too busy.", e);
            }
        }
    }
}
