using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>The base of the stores on SQL: reads, writes and retries.</summary>
internal abstract class SqlStore(ISqlDatabase database, SchemaState schema)
{
    protected ISqlDatabase Database { get; } = database;

    protected Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            await using DbConnection connection = await Database.OpenAsync(cancellationToken);
            return await query(connection);
        },
        cancellationToken);

    protected Task<T> TransactAsync<T>(Func<WriteTransaction, Task<T>> work, CancellationToken cancellationToken, int tries = 2) => GuardAsync(
        async () =>
        {
            await using WriteTransaction transaction = await Database.BeginAsync(cancellationToken);
            return await work(transaction);
        },
        cancellationToken,
        tries);

    /// <summary>One statement, a transaction by itself: no round trips to begin and to commit.</summary>
    protected Task<int> WriteAsync(string sql, (string, object?)[] parameters, CancellationToken cancellationToken) => GuardAsync(
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
    protected async Task<T> GuardAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken, int tries = 2)
    {
        schema.ThrowIfNotReady();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await operation();
            }
            catch (Exception e) when (Database.IsUnavailable(e) || (tries > 1 && Database.IsConflict(e)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (attempt >= tries)
                    throw new StoreUnavailableException("The database cannot be reached.", e);
            }
        }
    }
}
