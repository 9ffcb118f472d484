using System.Data.Common;

namespace PrimeSystem.Requests.Storage;

/// <summary>A transaction with its connection; disposing rolls back what was not committed and gives the connection back.</summary>
internal sealed class WriteTransaction(DbConnection connection, DbTransaction transaction, Func<ValueTask> release) : IAsyncDisposable
{
    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            await release();
        }
    }
}
