using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Primes;
using PrimeSystem.Requests.Dispatching;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Accepting;

/// <summary>Accepts, cancels and purges the requests of clients.</summary>
public sealed partial class RequestService(
    IRequestStore store, Dispatcher dispatcher, IRequestChanges changes, FlowMetrics metrics, IOptions<FlowOptions> options, IOptions<WorkBudget> budget,
    TimeProvider time, ILogger<RequestService> log)
{
    /// <summary>
    /// Accepts an order that is within the limits (<see cref="RequestRules"/>): plans the request, once, and stores it with the client's key and the charge to
    /// its budget. From then on it is processed, whatever else is down.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database is unavailable, and nothing is promised.</exception>
    public async Task<AcceptResult> AcceptAsync(Order order, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        var request = new PrimeRequest
        {
            Id = Guid.CreateVersion7(now),
            Owner = order.Owner,
            Quantity = order.Quantity,
            Digits = order.Digits,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = BatchPlan.For(order.Quantity, order.Digits, options.Value.Window),
            TraceParent = FlowTrace.Capture(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        WorkCharge? charge = budget.Value.Charge(order.Account, order.Quantity * PrimeCost.ReferenceSeconds(order.Digits));
        AcceptResult result;
        using (FlowTrace.StartStore())
        {
            result = await store.AcceptAsync(request, order.StoredKey, charge, cancellationToken);
        }
        if (result is AcceptResult.Accepted { IsNew: true })
        {
            dispatcher.DispatchSoon(request);
            metrics.Accepted();
            FlowTrace.Describe(request);
            LogAccepted(request.Id, request.Quantity, request.Digits);
        }
        return result is AcceptResult.OverBudget refusal ? refusal with { Left = budget.Value.WorkIn(refusal.Left) } : result;
    }

    /// <summary>Cancels a request that has not ended. Its primes stay.</summary>
    /// <returns>The request as it is now; null if it does not exist.</returns>
    public async Task<PrimeRequest?> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await store.CancelAsync(id, cancellationToken))
        {
            changes.Notify(id);
            metrics.Cancelled();
            LogCancelled(id);
        }
        return await store.FindAsync(id, cancellationToken);
    }

    /// <summary>Purges a request with its primes, whatever its status. It is hidden at once and deleted in chunks.</summary>
    /// <returns>Whether the request existed.</returns>
    public async Task<bool> PurgeAsync(Guid id, CancellationToken cancellationToken)
    {
        PurgeOutcome outcome = await store.PurgeAsync(id, cancellationToken);
        if (outcome == PurgeOutcome.NotFound)
            return false;
        changes.Notify(id);
        if (outcome == PurgeOutcome.Cancelled)
            metrics.Cancelled();
        LogPurged(id);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is accepted: quantity {Quantity}, digits {Digits}")]
    private partial void LogAccepted(Guid requestId, int quantity, int digits);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is cancelled")]
    private partial void LogCancelled(Guid requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is purged")]
    private partial void LogPurged(Guid requestId);
}
