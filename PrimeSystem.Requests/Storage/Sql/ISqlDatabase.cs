using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>The dialect of a database: everything in which PostgreSQL and SQLite differ for the stores.</summary>
internal interface ISqlDatabase
{
    /// <summary>Opens a connection for reading.</summary>
    ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Opens a connection that may write.</summary>
    ValueTask<Writer> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that may write. On SQLite it takes the write lock at once (BEGIN IMMEDIATE).</summary>
    async ValueTask<WriteTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        Writer writer = await OpenWriterAsync(cancellationToken);
        try
        {
            return new WriteTransaction(writer, await writer.Connection.BeginTransactionAsync(cancellationToken));
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Inserts the primes of a batch, except those that its request has already.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="batch">The number of the batch.</param>
    /// <param name="primes">The primes.</param>
    /// <param name="order">Their indexes, in the order in which to insert them.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>The indexes of those that were not inserted.</returns>
    Task<IReadOnlyList<int>> InsertPrimesAsync(
        WriteTransaction transaction, Guid requestId, int batch, IReadOnlyList<FoundPrime> primes, int[] order, CancellationToken cancellationToken);

    /// <summary>What keeps the database from serving for now; null if the error is another one.</summary>
    StoreFailure? FailureOf(Exception exception);

    /// <summary>A query that is true if the database can be written to; after a failover it may be a standby.</summary>
    string IsWritableSql { get; }

    /// <summary>Whether the error means that a transaction lost against another one and can be repeated: a deadlock or a serialisation failure.</summary>
    bool IsConflict(Exception exception);

    /// <summary>Whether the error means that the row referred to is gone.</summary>
    bool IsForeignKeyViolation(Exception exception);

    /// <summary>Takes the lock of a duty, or returns null while another process holds it.</summary>
    Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken);

    /// <summary>Brings the schema up to date; processes that start together take turns.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Whether the schema is as this release needs it.</summary>
    Task<bool> IsCurrentAsync(CancellationToken cancellationToken);
}
