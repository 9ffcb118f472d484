using System.Data.Common;
using DbUp;
using DbUp.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage.Schema;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Requests.Storage.Sqlite;

/// <summary>
/// The dialect of SQLite: one file in the data folder, in WAL mode so that readers and the writer do not wait for each other, with one connection that
/// writes, since SQLite has one writer at a time. A lock file reserves the folder for one process.
/// </summary>
internal sealed class SqliteDatabase : ISqlDatabase, IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly ILogger<SqliteDatabase> _log;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly FileStream _folderLock;
    private SqliteConnection? _writeConnection;

    /// <exception cref="InvalidOperationException">Another process uses the folder, or it cannot be written to.</exception>
    public SqliteDatabase(IOptions<DataOptions> options, ILogger<SqliteDatabase> log)
    {
        _log = log;
        string folder = Path.GetFullPath(options.Value.Folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
        try
        {
            _folderLock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(e);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(
                $"{DataOptions.Section}:{nameof(DataOptions.Folder)} is in use by another process: {folder}. Stop it, or choose another folder.", e);
        }
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "primes.db"),
            ForeignKeys = true,
        }.ToString();
    }

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async ValueTask<Writer> OpenWriterAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            _writeConnection ??= await OpenForWritingAsync(cancellationToken);
            return new Writer(_writeConnection, ReleaseAsync);
        }
        catch
        {
            _writer.Release();
            throw;
        }
    }

    public async Task<IReadOnlyList<int>> InsertPrimesAsync(
        WriteTransaction transaction, Guid requestId, int batch, IReadOnlyList<FoundPrime> primes, int[] order, CancellationToken cancellationToken)
    {
        await using DbCommand command = transaction.Command(
            """
            INSERT INTO prime_numbers (request_id, batch, "index", prime_value, digest) VALUES (@id, @batch, @index, @value, @digest)
            ON CONFLICT DO NOTHING
            """,
            ("id", requestId), ("batch", batch), ("index", 0), ("value", ""), ("digest", Array.Empty<byte>()));
        var collided = new List<int>();
        foreach (int index in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            command.Parameters[2].Value = index;
            command.Parameters[3].Value = primes[index].Value;
            command.Parameters[4].Value = primes[index].Digest;
            if (command.ExecuteNonQuery() == 0)
                collided.Add(index);
        }
        return collided;
    }

    public StoreFailure? FailureOf(Exception exception) => exception is not SqliteException e ? null : e.SqliteErrorCode switch
    {
        8 => StoreFailure.ReadOnly, // SQLITE_READONLY
        10 or 14 => StoreFailure.Unreachable, // SQLITE_IOERR, SQLITE_CANTOPEN
        13 => StoreFailure.DiskFull, // SQLITE_FULL
        _ => null,
    };

    public string IsWritableSql => "SELECT 1";

    // SQLITE_BUSY, SQLITE_LOCKED.
    public bool IsConflict(Exception exception) => exception is SqliteException { SqliteErrorCode: 5 or 6 };

    // SQLITE_CONSTRAINT_FOREIGNKEY.
    public bool IsForeignKeyViolation(Exception exception) => exception is SqliteException { SqliteExtendedErrorCode: 787 };

    // No other process uses the folder.
    public Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new NoLock());

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using (DbConnection connection = await OpenAsync(cancellationToken))
        await using (DbCommand wal = connection.Command("PRAGMA journal_mode = WAL"))
        {
            await wal.ExecuteScalarAsync(cancellationToken);
        }
        await Task.Run(() => MigrationScripts.Run(Deploy(), _log), cancellationToken);
    }

    public Task<bool> IsCurrentAsync(CancellationToken cancellationToken) =>
        Task.Run(() => !Deploy().LogToNowhere().Build().IsUpgradeRequired(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writer.WaitAsync();
        if (_writeConnection is not null)
            await _writeConnection.DisposeAsync();
        using (var pool = new SqliteConnection(_connectionString))
            SqliteConnection.ClearPool(pool);
        await _folderLock.DisposeAsync();
        _writer.Dispose();
    }

    private static InvalidOperationException NotWritable(Exception reason) =>
        new($"{DataOptions.Section}:{nameof(DataOptions.Folder)} must be a folder that can be written to: {reason.Message}", reason);

    private UpgradeEngineBuilder Deploy() =>
        DeployChanges.To.SqliteDatabase(_connectionString).WithScripts(MigrationScripts.For("sqlite")).WithTransactionPerScript();

    /// <summary>
    /// Opens a connection with a cache for the index of the digests, and with rare checkpoints: digests are random, so every batch writes to pages all over
    /// that index, and a page should be written several times before it goes to the file.
    /// </summary>
    private async Task<SqliteConnection> OpenForWritingAsync(CancellationToken cancellationToken)
    {
        var connection = (SqliteConnection)await OpenAsync(cancellationToken);
        await using DbCommand settings = connection.Command("PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000");
        await settings.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    private ValueTask ReleaseAsync()
    {
        _writer.Release();
        return ValueTask.CompletedTask;
    }

    private sealed class NoLock : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
