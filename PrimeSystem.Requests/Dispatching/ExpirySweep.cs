using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>Removes what has expired: idempotency keys, budgets that are full again, and completed requests if they are kept for a limited time.</summary>
internal sealed class ExpirySweep(
    IRequestStore store, IOptions<FlowOptions> options, IOptions<IdempotencyOptions> idempotency, IOptions<RetentionOptions> retention, TimeProvider time)
    : ISweep
{
    /// <summary>Requests that expire in one sweep.</summary>
    private const int MaxRequests = 1_000;

    public SweepDuty Duty => SweepDuty.Expiry;

    // Once a minute unless configured: nobody waits for it.
    public TimeSpan Every => 12 * options.Value.SweepEvery;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await store.DeleteExpiredAsync(time.GetUtcNow() - idempotency.Value.KeepFor, cancellationToken);
        if (retention.Value.Completed is { } keep)
            await store.PurgeCompletedAsync(time.GetUtcNow() - keep, MaxRequests, cancellationToken);
    }
}
