using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>A connection that can write, until it is disposed. A statement on it is a transaction of its own unless one was begun.</summary>
internal sealed class Writer(DbConnection connection, Func<ValueTask> release) : IAsyncDisposable
{
    public DbConnection Connection => connection;

    public ValueTask DisposeAsync() => release();
}
