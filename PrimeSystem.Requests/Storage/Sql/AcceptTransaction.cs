using System.Data.Common;
using System.Globalization;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// The transaction in which an order becomes a request: the request, the client's key and the charge to the budget, all or none. If an order is sent twice
/// at the same moment, to any processes, the second waits at the row of the key until the first is decided.
/// </summary>
internal static class AcceptTransaction
{
    /// <summary>Accepts orders without keys, all or none.</summary>
    /// <returns>Whether all are accepted. If not, a budget does not suffice for all of its orders, or an earlier attempt has accepted them.</returns>
    public static async Task<bool> AcceptAllAsync(
        WriteTransaction transaction, IReadOnlyList<(PrimeRequest Request, WorkCharge? Charge)> orders, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Sorted by account, so that two groups with accounts in common do not wait for each other.
        IEnumerable<WorkCharge> charges = orders.Select(order => order.Charge).OfType<WorkCharge>()
            .GroupBy(charge => charge.Account, (_, account) => account.Aggregate((sum, charge) => sum with { Cost = sum.Cost + charge.Cost }))
            .OrderBy(charge => charge.Account, StringComparer.Ordinal);
        IReadOnlyList<object?> done = await transaction.ExecuteAsync(
            [.. orders.Select(order => Insert(order.Request)), .. charges.Select(charge => Pay(charge, now))], cancellationToken);
        if (done.Contains(null))
            return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static async Task<AcceptResult> AcceptAsync(
        WriteTransaction transaction, PrimeRequest request, IdempotencyKey? key, WorkCharge? charge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The row is there if the answer to an earlier attempt was lost; everything is done then.
        if ((await transaction.ExecuteAsync([Insert(request)], cancellationToken))[0] is null)
            return new AcceptResult.Accepted(request.Id, IsNew: true);
        if (key is not null && !await InsertKeyAsync(transaction, request, key, cancellationToken))
            return await FindFirstAsync(transaction, key, cancellationToken);
        if (charge is not null && (await transaction.ExecuteAsync([Pay(charge, now)], cancellationToken))[0] is null)
            return await RefuseAsync(transaction, charge, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AcceptResult.Accepted(request.Id, IsNew: true);
    }

    private static Statement Insert(PrimeRequest request) => new(
        """
        INSERT INTO requests (id, owner, quantity, digits, status, batch_size, batch_count, "window", traceparent, created_at, updated_at)
        VALUES (@id, @owner, @quantity, @digits, @status, @batch_size, @batch_count, @window, @traceparent, @created_at, @updated_at)
        ON CONFLICT (id) DO NOTHING RETURNING quantity
        """,
        ("id", request.Id), ("owner", request.Owner), ("quantity", request.Quantity), ("digits", request.Digits), ("status", request.Status.Name()),
        ("batch_size", request.Plan.BatchSize), ("batch_count", request.Plan.BatchCount), ("window", request.Plan.Window),
        ("traceparent", request.TraceParent), ("created_at", request.CreatedAt), ("updated_at", request.UpdatedAt));

    /// <summary>Changes a row if the account can pay. No row means a full budget, but a group of orders may ask for more than that.</summary>
    private static Statement Pay(WorkCharge charge, DateTimeOffset now) => new(
        """
        INSERT INTO work_budgets (account, paid_until) SELECT @account, @now + @cost WHERE @cost <= @burst
        ON CONFLICT (account) DO UPDATE
        SET paid_until = CASE WHEN work_budgets.paid_until > @now THEN work_budgets.paid_until ELSE @now END + @cost
        WHERE work_budgets.paid_until <= @now + @burst - @cost
        RETURNING paid_until
        """,
        ("account", charge.Account), ("now", now.UtcTicks), ("cost", charge.Cost), ("burst", charge.Burst));

    /// <summary>Takes the key, if it is free. The key of a purged request is: its row goes with the request, soon.</summary>
    private static async Task<bool> InsertKeyAsync(
        WriteTransaction transaction, PrimeRequest request, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using DbCommand insert = transaction.Command(
            """
            INSERT INTO idempotency_keys (owner, key, body_hash, request_id, created_at) VALUES (@owner, @key, @hash, @id, @created_at)
            ON CONFLICT (owner, key) DO UPDATE
            SET body_hash = excluded.body_hash, request_id = excluded.request_id, created_at = excluded.created_at
            WHERE EXISTS (SELECT 1 FROM requests WHERE id = idempotency_keys.request_id AND purged_at IS NOT NULL)
            """,
            ("owner", key.Owner), ("key", key.Key), ("hash", key.BodyHash), ("id", request.Id), ("created_at", request.CreatedAt));
        return await insert.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task<AcceptResult> FindFirstAsync(WriteTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using DbCommand find = transaction.Command(
            "SELECT request_id, body_hash FROM idempotency_keys WHERE owner = @owner AND key = @key", ("owner", key.Owner), ("key", key.Key));
        await using DbDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new StoreUnavailableException("The idempotency key expired at this moment; send the order again.");
        return key.BodyHash.AsSpan().SequenceEqual((byte[])reader[1])
            ? new AcceptResult.Accepted(reader.GetGuid(0), IsNew: false)
            : new AcceptResult.KeyTaken();
    }

    private static async Task<AcceptResult> RefuseAsync(WriteTransaction transaction, WorkCharge charge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using DbCommand look = transaction.Command("SELECT paid_until FROM work_budgets WHERE account = @account", ("account", charge.Account));
        long paidUntil = Convert.ToInt64(await look.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        long left = charge.Burst - (paidUntil - now.UtcTicks);
        return new AcceptResult.OverBudget(Left: TimeSpan.FromTicks(left), RetryAfter: TimeSpan.FromTicks(charge.Cost - left));
    }
}
