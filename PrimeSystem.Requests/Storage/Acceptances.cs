using System.Data.Common;
using System.Globalization;
using PrimeSystem.Requests.Model;

namespace PrimeSystem.Requests.Storage;

/// <summary>
/// The transaction in which an order becomes a request: the request, the client's key and the charge to the budget, all or none. Twins that come at the
/// same moment, to whichever process, meet at the key's row, and the second waits there for what becomes of the first.
/// </summary>
internal static class Acceptances
{
    /// <summary>Accepts orders without keys, all or none.</summary>
    /// <returns>Whether all are accepted; if not, somebody's budget does not reach for all that is his.</returns>
    public static async Task<bool> AcceptAllAsync(
        ISqlDatabase database, WriteTransaction transaction, IReadOnlyList<(PrimeRequest Request, WorkCharge? Charge)> orders, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // Those of a repeated try (the answer to the first was lost) are there, and paid.
        IReadOnlySet<Guid> inserted = await database.InsertRequestsAsync(transaction, [.. orders.Select(order => order.Request)], cancellationToken);
        // In one order, so that two groups with accounts in common do not wait for each other.
        IEnumerable<WorkCharge> charges = orders.Where(order => inserted.Contains(order.Request.Id)).Select(order => order.Charge).OfType<WorkCharge>();
        foreach (IGrouping<string, WorkCharge> account in charges.GroupBy(charge => charge.Account).OrderBy(account => account.Key, StringComparer.Ordinal))
        {
            WorkCharge sum = account.First() with { Cost = account.Sum(charge => charge.Cost) };
            if (!await ChargeAsync(transaction, sum, now, cancellationToken))
                return false;
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static async Task<Acceptance> AcceptAsync(
        ISqlDatabase database, WriteTransaction transaction, PrimeRequest request, IdempotencyKey? key, WorkCharge? charge, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // A repeated try (the answer to the first was lost) finds the row there, and all has been done.
        if ((await database.InsertRequestsAsync(transaction, [request], cancellationToken)).Count == 0)
            return new Acceptance.Accepted(request.Id, IsNew: true);
        if (key is not null && !await InsertKeyAsync(transaction, request, key, cancellationToken))
            return await FindFirstAsync(transaction, key, cancellationToken);
        if (charge is not null && !await ChargeAsync(transaction, charge, now, cancellationToken))
            return await RefuseAsync(transaction, charge, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Acceptance.Accepted(request.Id, IsNew: true);
    }

    private static async Task<bool> InsertKeyAsync(
        WriteTransaction transaction, PrimeRequest request, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using DbCommand insert = transaction.Command(
            """
            INSERT INTO idempotency_keys (owner, key, body_hash, request_id, created_at) VALUES (@owner, @key, @hash, @id, @created_at)
            ON CONFLICT DO NOTHING
            """,
            ("owner", key.Owner), ("key", key.Key), ("hash", key.BodyHash), ("id", request.Id), ("created_at", request.CreatedAt));
        return await insert.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task<Acceptance> FindFirstAsync(WriteTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using DbCommand find = transaction.Command(
            "SELECT request_id, body_hash FROM idempotency_keys WHERE owner = @owner AND key = @key", ("owner", key.Owner), ("key", key.Key));
        await using DbDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new StoreUnavailableException("The key was forgotten at this very moment.");
        return key.BodyHash.AsSpan().SequenceEqual((byte[])reader[1])
            ? new Acceptance.Accepted(reader.GetGuid(0), IsNew: false)
            : new Acceptance.KeyTaken();
    }

    /// <returns>Whether the account has paid.</returns>
    private static async Task<bool> ChargeAsync(WriteTransaction transaction, WorkCharge charge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // No row means a full budget, of which a group of orders may ask more than it holds.
        await using DbCommand pay = transaction.Command(
            """
            INSERT INTO work_budgets (account, paid_until) SELECT @account, @now + @cost WHERE @cost <= @burst
            ON CONFLICT (account) DO UPDATE
            SET paid_until = CASE WHEN work_budgets.paid_until > @now THEN work_budgets.paid_until ELSE @now END + @cost
            WHERE work_budgets.paid_until <= @now + @burst - @cost
            """,
            ("account", charge.Account), ("now", now.UtcTicks), ("cost", charge.Cost), ("burst", charge.Burst));
        return await pay.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task<Acceptance> RefuseAsync(WriteTransaction transaction, WorkCharge charge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using DbCommand look = transaction.Command("SELECT paid_until FROM work_budgets WHERE account = @account", ("account", charge.Account));
        long paidUntil = Convert.ToInt64(await look.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        long left = charge.Burst - (paidUntil - now.UtcTicks);
        return new Acceptance.OverBudget(Left: TimeSpan.FromTicks(left), RetryAfter: TimeSpan.FromTicks(charge.Cost - left));
    }
}
