using System.Data.Common;
using DbUp;
using DbUp.Builder;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using PrimeSystem.Requests.Storage.Schema;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Requests.Storage.Postgres;

/// <summary>The dialect of PostgreSQL 15 to 18, through Npgsql.</summary>
/// <param name="dataSource">Connects as the service.</param>
/// <param name="migrationConnectionString">Connects as the owner of the schema.</param>
/// <param name="serviceRole">The role that a migration grants access to the data; none when null.</param>
/// <param name="log">The log of the migration.</param>
internal sealed partial class PostgresDatabase(
    NpgsqlDataSource dataSource, string migrationConnectionString, string? serviceRole, ILogger<PostgresDatabase> log) : ISqlDatabase
{
    // Keys of advisory locks: any numbers of our own. Those of the duties follow that of the migration.
    private const long Locks = 0x5072_696d_6500_0000;
    private const long MigrationLock = Locks + 1;

    /// <summary>The number of primes from which on a COPY saves more than its round trips cost.</summary>
    private const int CopyFrom = 64;

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) => await dataSource.OpenConnectionAsync(cancellationToken);

    public async ValueTask<Writer> OpenWriterAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return new Writer(connection, connection.DisposeAsync);
    }

    public async Task<IReadOnlyList<int>> InsertPrimesAsync(
        WriteTransaction transaction, Guid requestId, int batch, IReadOnlyList<FoundPrime> primes, int[] order, CancellationToken cancellationToken)
    {
        if (order.Length >= CopyFrom && await TryCopyAsync(transaction, requestId, batch, primes, order, cancellationToken))
            return [];
        await using var command = (NpgsqlCommand)transaction.Command(
            """
            INSERT INTO prime_numbers (request_id, batch, "index", prime_value, digest)
            SELECT @id, @batch, p.i, p.v, p.d FROM unnest(@indexes, @values, @digests) AS p (i, v, d)
            ON CONFLICT DO NOTHING RETURNING "index"
            """,
            ("id", requestId), ("batch", batch));
        command.Parameters.AddWithValue("indexes", NpgsqlDbType.Array | NpgsqlDbType.Integer, order);
        command.Parameters.AddWithValue("values", NpgsqlDbType.Array | NpgsqlDbType.Text, order.Select(index => primes[index].Value).ToArray());
        command.Parameters.AddWithValue("digests", NpgsqlDbType.Array | NpgsqlDbType.Bytea, order.Select(index => primes[index].Digest).ToArray());
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var collided = new HashSet<int>(order);
        while (await reader.ReadAsync(cancellationToken))
            collided.Remove(reader.GetInt32(0));
        return [.. collided];
    }

    /// <summary>
    /// Copies the primes, at half the cost of inserting them. COPY has no ON CONFLICT: it fails if the request has a prime already, and is rolled back.
    /// </summary>
    /// <returns>Whether the primes were copied.</returns>
    private static async Task<bool> TryCopyAsync(
        WriteTransaction transaction, Guid requestId, int batch, IReadOnlyList<FoundPrime> primes, int[] order, CancellationToken cancellationToken)
    {
        const string Before = "copy";
        await transaction.Transaction.SaveAsync(Before, cancellationToken);
        try
        {
            await using NpgsqlBinaryImporter copy = await ((NpgsqlConnection)transaction.Connection).BeginBinaryImportAsync(
                """COPY prime_numbers (request_id, batch, "index", prime_value, digest) FROM STDIN (FORMAT BINARY)""", cancellationToken);
            foreach (int index in order)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(requestId, NpgsqlDbType.Uuid, cancellationToken);
                await copy.WriteAsync(batch, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(index, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(primes[index].Value, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(primes[index].Digest, NpgsqlDbType.Bytea, cancellationToken);
            }
            await copy.CompleteAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await transaction.Transaction.RollbackAsync(Before, cancellationToken);
            return false;
        }
    }

    public StoreFailure? FailureOf(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StoreFailure.DiskFull,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => StoreFailure.ReadOnly,
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => StoreFailure.TooManyConnections,
        PostgresException e => IsConflict(e) || IsInStatement(e.SqlState) ? null : StoreFailure.Unreachable,
        NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => StoreFailure.Unreachable,
        _ => null,
    };

    /// <summary>
    /// Whether an error is in the statement: data exceptions (22), violated constraints (23) and invalid statements (42), except for a missing table or a
    /// missing right, which a restore or a change of roles brings about. All others are the state of the server: a failover to a standby, a full disk,
    /// a changed password, a time limit.
    /// </summary>
    private static bool IsInStatement(string sqlState) => sqlState[..2] is "22" or "23"
        || (sqlState[..2] is "42" && sqlState is not (PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege));

    public string IsWritableSql => "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'";

    public bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public bool IsForeignKeyViolation(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation };

    public async Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            long key = Locks + (long)duty;
            await using var acquire = new NpgsqlCommand($"SELECT pg_try_advisory_lock({key})", connection);
            if (await acquire.ExecuteScalarAsync(cancellationToken) is true)
                return new AdvisoryLock(connection, key);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(migrationConnectionString);
        await using NpgsqlConnection connection = await owner.OpenConnectionAsync(cancellationToken);
        await using var acquire = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationLock})", connection) { CommandTimeout = 0 };
        await acquire.ExecuteNonQueryAsync(cancellationToken);
        // Closing the connection releases the lock, whatever happens.
        await Task.Run(() => MigrationScripts.Run(Deploy(), log), cancellationToken);
        if (!string.IsNullOrEmpty(serviceRole))
            await GrantAsync(connection, cancellationToken);
    }

    /// <summary>Grants the rows of every table, and read access to the record of the schema, from which the service learns whether the schema fits.</summary>
    private async Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string role = $"\"{serviceRole!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await using var grant = new NpgsqlCommand(
            $"""
            BEGIN;
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
            REVOKE INSERT, UPDATE, DELETE ON schemaversions FROM {role};
            COMMIT;
            """,
            connection);
        await grant.ExecuteNonQueryAsync(cancellationToken);
        LogGranted(serviceRole);
    }

    public Task<bool> IsCurrentAsync(CancellationToken cancellationToken) =>
        Task.Run(() => !Deploy().LogToNowhere().Build().IsUpgradeRequired(), cancellationToken);

    private UpgradeEngineBuilder Deploy() =>
        DeployChanges.To.PostgresqlDatabase(migrationConnectionString).WithScripts(MigrationScripts.For("postgres")).WithTransactionPerScript();

    [LoggerMessage(Level = LogLevel.Information, Message = "Role {Role} granted read and write access to the data")]
    private partial void LogGranted(string role);

    private sealed class AdvisoryLock(NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                try
                {
                    await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({key})", connection);
                    await release.ExecuteNonQueryAsync();
                }
                catch (NpgsqlException)
                {
                    // The connection is gone, and with it the lock.
                }
            }
        }
    }
}
