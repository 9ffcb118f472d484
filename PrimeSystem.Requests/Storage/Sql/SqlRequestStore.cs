using System.Data.Common;
using System.Globalization;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// The store on SQL: one set of statements for both databases. A row decides what must not happen twice: the primary key of a batch, and the count of a
/// request, which the same transaction updates on a condition.
/// </summary>
internal sealed class SqlRequestStore : SqlStore, IRequestStore
{
    private const string Columns =
        """
        id, quantity, digits, status, generated_count, batch_size, batch_count, "window", dispatched_at, seen_at, sweeps, failure, created_at, updated_at, owner,
        traceparent
        """;

    /// <summary>
    /// Primes between two positions. No batch is larger than batch_size, so the index on first bounds the batches on both sides, and the primary key of the
    /// primes bounds those within each.
    /// </summary>
    private const string PrimesBetween =
        """
        FROM batches b JOIN prime_numbers p ON p.request_id = b.request_id AND p.batch = b.number
        WHERE b.request_id = @id AND b.first > @from - @batch_size AND b.first < @to
          AND p."index" >= @from - b.first AND p."index" < @to - b.first
        """;

    /// <summary>The condition that a request has not ended.</summary>
    public const string Unfinished = "status IN ('pending', 'processing')";

    private const string Cancel = $"UPDATE requests SET status = 'cancelled', updated_at = @now WHERE id = @id AND {Unfinished} AND purged_at IS NULL";

    /// <summary>About the number of rows that one transaction of a purge deletes.</summary>
    private const int PurgeChunk = 20_000;

    /// <summary>The number of sweeps from which on the interval does not double any more: 2⁸ · 2 minutes are 8.5 hours.</summary>
    private const int MaxSweepDoublings = 8;

    /// <summary>The most orders that are accepted in one transaction.</summary>
    private const int MaxOrders = 64;

    private readonly TimeProvider _time;
    private readonly GroupCommit<(PrimeRequest, WorkCharge?)> _orders;

    public SqlRequestStore(ISqlDatabase database, SchemaState schema, StoreOutage outage, TimeProvider time)
        : base(database, schema, outage)
    {
        _time = time;
        _orders = new(
            orders => TransactAsync(transaction => AcceptTransaction.AcceptAllAsync(transaction, orders, Now, CancellationToken.None), CancellationToken.None),
            MaxOrders);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    public async Task<AcceptResult> AcceptAsync(PrimeRequest request, IdempotencyKey? key, WorkCharge? charge, CancellationToken cancellationToken)
    {
        // An order with a key may have to wait for its twin, and a refused order needs its reason: both go alone.
        if (key is null && await TryAcceptWithOthersAsync(request, charge, cancellationToken))
            return new AcceptResult.Accepted(request.Id, IsNew: true);
        return await TransactAsync(
            transaction => AcceptTransaction.AcceptAsync(transaction, request, key, charge, Now, cancellationToken), cancellationToken);
    }

    private async Task<bool> TryAcceptWithOthersAsync(PrimeRequest request, WorkCharge? charge, CancellationToken cancellationToken)
    {
        try
        {
            return await _orders.WriteAsync((request, charge), cancellationToken);
        }
        catch (DbException)
        {
            // The database rejects one order of the group; alone, only that one fails.
            return false;
        }
    }

    public async Task DeleteExpiredAsync(DateTimeOffset keysBefore, CancellationToken cancellationToken)
    {
        await WriteAsync("DELETE FROM idempotency_keys WHERE created_at < @before", [("before", keysBefore)], cancellationToken);
        await WriteAsync("DELETE FROM work_budgets WHERE paid_until < @now", [("now", Now.UtcTicks)], cancellationToken);
    }

    public Task<PrimeRequest?> FindAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = connection.Command($"SELECT {Columns} FROM requests WHERE id = @id AND purged_at IS NULL", ("id", id));
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? ReadRequest(reader) : null;
        },
        cancellationToken);

    public Task<IReadOnlyList<PrimeRequest>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return Task.FromResult<IReadOnlyList<PrimeRequest>>([]);
        (string names, (string, object?)[] parameters) = ListOf(ids);
        return ReadRequestsAsync($"WHERE id IN ({names}) AND purged_at IS NULL", parameters, cancellationToken);
    }

    public Task<IReadOnlyList<PrimeRequest>> ListAsync(
        OwnerFilter owner, RequestStatus? status, Guid? before, int limit, CancellationToken cancellationToken)
    {
        var where = new List<string> { "purged_at IS NULL" };
        var parameters = new List<(string, object?)> { ("limit", limit) };
        if (owner.Owner is { } name)
        {
            where.Add("owner = @owner");
            parameters.Add(("owner", name));
        }
        else if (!owner.IsEverybody)
        {
            where.Add("owner IS NULL");
        }
        if (status is { } s)
        {
            where.Add("status = @status");
            parameters.Add(("status", s.Name()));
        }
        if (before is { } cursor)
        {
            where.Add("id < @before");
            parameters.Add(("before", cursor));
        }
        return ReadRequestsAsync($"WHERE {string.Join(" AND ", where)} ORDER BY id DESC LIMIT @limit", [.. parameters], cancellationToken);
    }

    public Task<IReadOnlyList<string>> ReadPrimesAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = PrimesCommand(
                connection, $"""SELECT p.prime_value {PrimesBetween} ORDER BY b.first, p."index" """, request, offset, count);
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var primes = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                primes.Add(reader.GetString(0));
            return (IReadOnlyList<string>)primes;
        },
        cancellationToken);

    public Task<ReadOnlyMemory<byte>> ReadDigitsAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = PrimesCommand(
                connection, $"""SELECT string_agg(p.prime_value, '' ORDER BY b.first, p."index") {PrimesBetween}""", request, offset, count);
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return reader.IsDBNull(0) ? default : new ReadOnlyMemory<byte>(reader.GetFieldValue<byte[]>(0));
        },
        cancellationToken);

    private static DbCommand PrimesCommand(DbConnection connection, string sql, PrimeRequest request, int offset, int count) => connection.Command(
        sql, ("id", request.Id), ("from", (long)offset), ("to", (long)offset + count), ("batch_size", (long)request.Plan.BatchSize));

    public async Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        await WriteAsync(Cancel, [("id", id), ("now", Now)], cancellationToken) > 0;

    public Task<PurgeOutcome> PurgeAsync(Guid id, CancellationToken cancellationToken) => TransactAsync(
        async transaction =>
        {
            // In one transaction, so that watchers see the request go and not end.
            await using DbCommand cancel = transaction.Command(Cancel, ("id", id), ("now", Now));
            bool isCancelled = await cancel.ExecuteNonQueryAsync(cancellationToken) > 0;
            await using DbCommand hide = transaction.Command(
                "UPDATE requests SET purged_at = @now, updated_at = @now WHERE id = @id AND purged_at IS NULL", ("id", id), ("now", Now));
            bool isFound = await hide.ExecuteNonQueryAsync(cancellationToken) > 0;
            await transaction.CommitAsync(cancellationToken);
            return isCancelled ? PurgeOutcome.Cancelled : isFound ? PurgeOutcome.Ended : PurgeOutcome.NotFound;
        },
        cancellationToken);

    public Task<int> PurgeCompletedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => WriteAsync(
        // Ids ascend with the time of creation, which is before that of completion, so only the oldest completed requests are read.
        """
        UPDATE requests SET purged_at = @now, updated_at = @now
        WHERE id IN (
            SELECT id FROM requests
            WHERE status = 'completed' AND id < @bound AND updated_at <= @before AND purged_at IS NULL
            ORDER BY id LIMIT @limit)
        """,
        [("now", Now), ("before", before), ("bound", Guid.CreateVersion7(before.AddMilliseconds(1))), ("limit", limit)],
        cancellationToken);

    public Task<bool> DeletePurgedAsync(CancellationToken cancellationToken) => TransactAsync(
        async transaction =>
        {
            Guid id;
            int batchSize;
            await using (DbCommand find = transaction.Command("SELECT id, batch_size FROM requests WHERE purged_at IS NOT NULL ORDER BY id LIMIT 1"))
            await using (DbDataReader reader = await find.ExecuteReaderAsync(cancellationToken))
            {
                if (!await reader.ReadAsync(cancellationToken))
                    return false;
                (id, batchSize) = (reader.GetGuid(0), reader.GetInt32(1));
            }
            await using DbCommand chunk = transaction.Command(
                """
                DELETE FROM batches
                WHERE request_id = @id AND number IN (SELECT number FROM batches WHERE request_id = @id ORDER BY number LIMIT @limit)
                """,
                ("id", id), ("limit", Math.Max(1, PurgeChunk / batchSize)));
            if (await chunk.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                await using DbCommand request = transaction.Command("DELETE FROM requests WHERE id = @id", ("id", id));
                await request.ExecuteNonQueryAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public async Task<bool> FailAsync(Guid id, string reason, CancellationToken cancellationToken) => await WriteAsync(
        $"UPDATE requests SET status = 'failed', failure = @reason, updated_at = @now WHERE id = @id AND {Unfinished}",
        [("id", id), ("reason", reason), ("now", Now)],
        cancellationToken) > 0;

    public Task<BatchState?> FindBatchAsync(Guid id, int batch, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = connection.Command(
                $"""
                SELECT {Columns}, EXISTS (SELECT 1 FROM batches b WHERE b.request_id = r.id AND b.number = @batch)
                FROM requests r WHERE id = @id AND purged_at IS NULL
                """,
                ("id", id), ("batch", batch));
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? new BatchState(ReadRequest(reader), reader.GetBoolean(reader.FieldCount - 1)) : null;
        },
        cancellationToken);

    public async Task<BatchCommit> CommitBatchAsync(
        PrimeRequest request, int batch, IReadOnlyList<FoundPrime> primes, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // One try: whether a lost COMMIT took place is for the caller to find out.
                return await TransactAsync(
                    transaction => new BatchTransaction(Database, transaction, request.Id, batch).CommitAsync(primes, Now, cancellationToken),
                    cancellationToken,
                    StoreDemand.Batch,
                    tries: 1);
            }
            catch (DbException e) when (Database.IsForeignKeyViolation(e))
            {
                return new BatchCommit(CommitOutcome.Ended);
            }
            catch (DbException e) when (Database.IsConflict(e))
            {
                // The loser of a deadlock tries again with its primes.
                if (attempt == 3)
                    throw new StoreUnavailableException("The database is too busy.", e);
            }
        }
    }

    public Task<UnfinishedRequests> CountUnfinishedAsync(CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = connection.Command(
                $"""
                SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'processing'), count(*) FILTER (WHERE dispatched_at IS NULL)
                FROM requests WHERE {Unfinished} AND purged_at IS NULL
                """);
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new UnfinishedRequests(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        },
        cancellationToken);

    public Task MarkSeenAsync(Guid id, DateTimeOffset unlessSince, CancellationToken cancellationToken) => WriteAsync(
        $"""
        UPDATE requests
        SET seen_at = @now, status = 'processing', updated_at = CASE WHEN status = 'pending' THEN @now ELSE updated_at END
        WHERE id = @id AND {Unfinished} AND (seen_at IS NULL OR seen_at <= @since)
        """,
        [("id", id), ("now", Now), ("since", unlessSince)],
        cancellationToken);

    public Task MarkDispatchedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        (string names, (string, object?)[] parameters) = ListOf(ids);
        return WriteAsync(
            $"UPDATE requests SET dispatched_at = @now WHERE id IN ({names}) AND dispatched_at IS NULL", [("now", Now), .. parameters], cancellationToken);
    }

    public Task MarkUndispatchedAsync(Guid id, CancellationToken cancellationToken) =>
        WriteAsync($"UPDATE requests SET dispatched_at = NULL WHERE id = @id AND {Unfinished}", [("id", id)], cancellationToken);

    public Task MarkAllUndispatchedAsync(CancellationToken cancellationToken) =>
        WriteAsync($"UPDATE requests SET dispatched_at = NULL WHERE {Unfinished} AND dispatched_at IS NOT NULL", [], cancellationToken);

    public Task<IReadOnlyList<PrimeRequest>> FindUndispatchedAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken) =>
        ReadRequestsAsync(
            $"WHERE dispatched_at IS NULL AND {Unfinished} AND created_at <= @before ORDER BY id LIMIT @limit",
            [("before", createdBefore), ("limit", limit)],
            cancellationToken);

    public Task<IReadOnlyList<PrimeRequest>> FindStalledAsync(TimeSpan after, int limit, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        IEnumerable<string> cases = Enumerable.Range(0, MaxSweepDoublings).Select(sweeps => $"WHEN {sweeps} THEN @unseen{sweeps}");
        return ReadRequestsAsync(
            $"""
            WHERE dispatched_at IS NOT NULL AND {Unfinished}
              AND COALESCE(seen_at, dispatched_at) <= CASE sweeps {string.Join(" ", cases)} ELSE @unseen{MaxSweepDoublings} END
            ORDER BY id LIMIT @limit
            """,
            [("limit", limit), .. Enumerable.Range(0, MaxSweepDoublings + 1).Select(sweeps => ($"unseen{sweeps}", (object?)(now - after * (1 << sweeps))))],
            cancellationToken);
    }

    public Task MarkSweptAsync(Guid id, CancellationToken cancellationToken) =>
        WriteAsync($"UPDATE requests SET sweeps = sweeps + 1 WHERE id = @id AND {Unfinished}", [("id", id)], cancellationToken);

    public Task<IReadOnlyList<int>> FindUnfinishedBatchesAsync(PrimeRequest request, int limit, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using DbCommand command = connection.Command("SELECT number FROM batches WHERE request_id = @id ORDER BY number", ("id", request.Id));
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var missing = new List<int>();
            int next = 0;
            while (missing.Count < limit && next < request.Plan.BatchCount)
            {
                int done = await reader.ReadAsync(cancellationToken) ? reader.GetInt32(0) : request.Plan.BatchCount;
                for (; next < done && missing.Count < limit; next++)
                    missing.Add(next);
                next = done + 1;
            }
            return (IReadOnlyList<int>)missing;
        },
        cancellationToken);

    public Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken) =>
        GuardAsync(StoreDemand.Answer, () => Database.TryLockAsync(duty, cancellationToken), cancellationToken);

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await CheckWritableAsync(cancellationToken);
        // It answers, but the last attempt to store something failed.
        if (Outage.Reason is { } reason)
            throw new StoreUnavailableException(reason);
    }

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) => BackOff.RetryAsync(
        async token =>
        {
            await Outage.WaitForTurnAsync(token);
            await CheckWritableAsync(token);
        },
        _time, cancellationToken);

    private async Task CheckWritableAsync(CancellationToken cancellationToken)
    {
        object? isWritable = await ReadAsync(
            async connection =>
            {
                await using DbCommand command = connection.Command(Database.IsWritableSql);
                return await command.ExecuteScalarAsync(cancellationToken);
            },
            cancellationToken);
        if (Convert.ToBoolean(isWritable, CultureInfo.InvariantCulture))
        {
            Outage.Succeeded(StoreDemand.Writable);
            return;
        }
        Outage.Failed(StoreDemand.Writable, StoreFailure.ReadOnly, "the server is a standby, or set to read only");
        throw new StoreUnavailableException(StoreFailure.ReadOnly.Reason);
    }

    /// <summary>
    /// Makes a list of ids for IN. Its last id is repeated up to one of a few lengths, so that there are few statements and they stay prepared.
    /// </summary>
    private static (string Names, (string Name, object? Value)[] Parameters) ListOf(IReadOnlyCollection<Guid> ids)
    {
        int length = 1;
        while (length < ids.Count)
            length *= 4;
        (string Name, object? Value)[] parameters = [.. ids.Concat(Enumerable.Repeat(ids.Last(), length - ids.Count)).Select((id, i) => ($"id{i}", (object?)id))];
        return (string.Join(", ", parameters.Select(parameter => $"@{parameter.Name}")), parameters);
    }

    private Task<IReadOnlyList<PrimeRequest>> ReadRequestsAsync(string tail, (string, object?)[] parameters, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
            {
                await using DbCommand command = connection.Command($"SELECT {Columns} FROM requests {tail}", parameters);
                await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                var requests = new List<PrimeRequest>();
                while (await reader.ReadAsync(cancellationToken))
                    requests.Add(ReadRequest(reader));
                return (IReadOnlyList<PrimeRequest>)requests;
            },
            cancellationToken);

    private static PrimeRequest ReadRequest(DbDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Quantity = reader.GetInt32(1),
        Digits = reader.GetInt32(2),
        Status = RequestStatuses.Parse(reader.GetString(3)),
        GeneratedCount = reader.GetInt32(4),
        Plan = new BatchPlan(reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)),
        DispatchedAt = reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
        SeenAt = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
        Sweeps = reader.GetInt32(10),
        Failure = reader.IsDBNull(11) ? null : reader.GetString(11),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(12),
        UpdatedAt = reader.GetFieldValue<DateTimeOffset>(13),
        Owner = reader.IsDBNull(14) ? null : reader.GetString(14),
        TraceParent = reader.IsDBNull(15) ? null : reader.GetString(15),
    };
}
