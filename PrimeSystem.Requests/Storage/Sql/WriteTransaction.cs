using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>A transaction with its connection. Disposing rolls back what was not committed, and returns the connection.</summary>
internal sealed class WriteTransaction(Writer writer, DbTransaction transaction) : IAsyncDisposable
{
    public DbConnection Connection => writer.Connection;

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
            await writer.DisposeAsync();
        }
    }
}
