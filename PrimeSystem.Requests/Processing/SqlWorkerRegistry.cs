using System.Data.Common;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Requests.Processing;

/// <summary>The registry in a table of the database that all processes share.</summary>
internal sealed class SqlWorkerRegistry(ISqlDatabase database, SchemaState schema, StoreOutage outage, TimeProvider time)
    : SqlStore(database, schema, outage), IWorkerRegistry
{
    /// <summary>A worker that has not reported for this long, three intervals, is gone.</summary>
    internal static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(6);

    /// <summary>The row of a killed worker is deleted after this long.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    public Task ReportAsync(WorkerState worker, CancellationToken cancellationToken) => TransactAsync(
        async transaction =>
        {
            await using (DbCommand report = transaction.Command(
                """
                INSERT INTO workers (id, name, cores, consumers, busy, primes_per_second, started_at, seen_at)
                VALUES (@id, @name, @cores, @consumers, @busy, @rate, @started_at, @seen_at)
                ON CONFLICT (id) DO UPDATE SET busy = @busy, primes_per_second = @rate, seen_at = @seen_at
                """,
                ("id", worker.Id), ("name", worker.Name), ("cores", worker.Cores), ("consumers", worker.Consumers), ("busy", worker.Busy),
                ("rate", worker.PrimesPerSecond), ("started_at", worker.StartedAt), ("seen_at", worker.SeenAt)))
            {
                await report.ExecuteNonQueryAsync(cancellationToken);
            }
            await using (DbCommand forget = transaction.Command("DELETE FROM workers WHERE seen_at < @before", ("before", time.GetUtcNow() - ForgottenAfter)))
            {
                await forget.ExecuteNonQueryAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) =>
        WriteAsync("DELETE FROM workers WHERE id = @id", [("id", id)], cancellationToken);

    public Task<IReadOnlyList<WorkerState>> ListAsync(CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = connection.Command(
                """
                SELECT id, name, cores, consumers, busy, primes_per_second, started_at, seen_at FROM workers
                WHERE seen_at > @since ORDER BY name, id
                """,
                ("since", time.GetUtcNow() - GoneAfter));
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var workers = new List<WorkerState>();
            while (await reader.ReadAsync(cancellationToken))
                workers.Add(Read(reader));
            return (IReadOnlyList<WorkerState>)workers;
        },
        cancellationToken);

    private static WorkerState Read(DbDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Name = reader.GetString(1),
        Cores = reader.GetInt32(2),
        Consumers = reader.GetInt32(3),
        Busy = reader.GetInt32(4),
        PrimesPerSecond = reader.GetDouble(5),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(6),
        SeenAt = reader.GetFieldValue<DateTimeOffset>(7),
    };
}
