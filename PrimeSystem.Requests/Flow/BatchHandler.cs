using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Events;
using PrimeSystem.Requests.Model;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Flow;

/// <summary>
/// What a worker does with a batch: look whether it is still wanted, find its primes, store them, publish the batch that is due next. Any step may
/// happen twice, or be cut off after any other, without a prime too many or a request that is stuck.
/// </summary>
internal sealed partial class BatchHandler(
    IRequestStore store, IBatchQueue queue, IRequestChanges changes, SearchWatch watch, BatchSearch search, FlowMetrics metrics,
    IOptions<FlowOptions> options, TimeProvider time, ILogger<BatchHandler> log) : IBatchHandler
{
    /// <summary>Deliveries without an answer after which a message is believed to kill its consumers, and its request fails.</summary>
    internal const long MaxDeliveries = 10;

    /// <summary>Unexpected failures of a batch after which its request fails.</summary>
    private const int MaxFaults = 10;

    private static readonly Settlement Done = new Settlement.Acknowledge();

    private readonly FlowOptions _options = options.Value;

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(time);
        while (true)
        {
            try
            {
                await store.PingAsync(cancellationToken);
                return;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await backOff.WaitAsync(cancellationToken);
            }
        }
    }

    public async Task<Settlement> HandleAsync(Delivery delivery, CancellationToken stopping, CancellationToken abandoned)
    {
        long start = time.GetTimestamp();
        Settlement settlement = await SettleAsync(delivery, stopping, abandoned);
        metrics.Settled(settlement, time.GetElapsedTime(start));
        return settlement;
    }

    private async Task<Settlement> SettleAsync(Delivery delivery, CancellationToken stopping, CancellationToken abandoned)
    {
        BatchMessage message = delivery.Message;
        try
        {
            BatchState? state = await store.FindBatchAsync(message.RequestId, message.Batch, CancellationToken.None);
            if (state is null || state.Request.Status.IsEnded() || message.Batch >= state.Request.Plan.BatchCount)
                return Done;
            if (state.IsDone)
                return await FollowUpAsync(delivery, state.Request, abandoned);
            if (delivery.Deliveries >= MaxDeliveries || delivery.Faults >= MaxFaults)
                return await FailAsync(delivery);
            if (stopping.IsCancellationRequested)
                return new Settlement.HandBack(delivery);
            return await WorkAsync(delivery, state.Request, stopping, abandoned);
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(message.Batch, message.RequestId, (e.InnerException ?? e).Message);
            return new Settlement.HandBack(delivery, Pause: true);
        }
        catch (Exception e) when (!abandoned.IsCancellationRequested)
        {
            LogFault(e, message.Batch, message.RequestId, delivery.Faults + 1);
            await Task.Delay(_options.LookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Settlement.HandBack(delivery with { Faults = delivery.Faults + 1 });
        }
    }

    private async Task<Settlement> WorkAsync(Delivery delivery, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        int batch = delivery.Message.Batch;
        // What takes the express lane is done before anybody could look, and the commit notes the same.
        if (Lanes.Of(request) != Lane.Express)
        {
            await watch.MarkSeenAsync(request, CancellationToken.None);
            if (request.Status == RequestStatus.Pending)
                changes.Announce(request.Id);
        }

        IReadOnlyList<FoundPrime> primes;
        int count = request.Plan.CountOf(batch, request.Quantity);
        using (SearchWatch.Search wanted = watch.Begin(request.Id, batch))
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(wanted.Superseded))
        await using (stopping.Register(() => cut.CancelAfter(_options.FinishWithin)))
        {
            try
            {
                primes = await search.RunAsync(request.Digits, count, StopAfterSlice(count, stopping), cut.Token);
            }
            catch (OperationCanceledException) when (wanted.Superseded.IsCancellationRequested)
            {
                LogSuperseded(batch, request.Id);
                return await FollowUpAsync(delivery, request, abandoned);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                primes = [];
            }
        }
        if (primes.Count < count)
            return new Settlement.HandBack(delivery);
        return await CommitAsync(delivery, request, primes, stopping, abandoned);
    }

    /// <summary>
    /// One prime may take hours, so its search runs in slices: handing it back loses nothing, since the search has no memory, and lets other requests
    /// have their turn. Batches of more primes are short by their plan.
    /// </summary>
    private Func<bool> StopAfterSlice(int count, CancellationToken stopping)
    {
        long start = time.GetTimestamp();
        return () => stopping.IsCancellationRequested || (count == 1 && time.GetElapsedTime(start) >= _options.Slice);
    }

    private async Task<Settlement> CommitAsync(
        Delivery delivery, PrimeRequest request, IReadOnlyList<FoundPrime> primes, CancellationToken stopping, CancellationToken abandoned)
    {
        int batch = delivery.Message.Batch;
        long start = time.GetTimestamp();
        var backOff = new BackOff(time);
        while (true)
        {
            try
            {
                CommitOutcome outcome = await store.CommitBatchAsync(
                    request, batch, primes, n => search.RunAsync(request.Digits, n, stop: null, CancellationToken.None), CancellationToken.None);
                switch (outcome)
                {
                    case CommitOutcome.Committed:
                        changes.Announce(request.Id);
                        metrics.Committed(request.Digits, primes.Count);
                        await PublishNextAsync(request, batch, abandoned);
                        return Done;
                    case CommitOutcome.AlreadyDone:
                        return await FollowUpAsync(delivery, request, abandoned);
                    default:
                        return Done;
                }
            }
            catch (StoreUnavailableException e)
            {
                // The primes may have been dear, so hold on to them for a while. Whether the transaction took place is not known from here on.
                delivery = delivery with { MayHaveRun = true };
                if (stopping.IsCancellationRequested || time.GetElapsedTime(start) >= _options.Slice)
                {
                    LogStoreUnavailable(batch, request.Id, (e.InnerException ?? e).Message);
                    return new Settlement.HandBack(delivery, Pause: true);
                }
                await backOff.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A batch that is stored already: whoever stored it may not have come to publish the next one.</summary>
    private async Task<Settlement> FollowUpAsync(Delivery delivery, PrimeRequest request, CancellationToken abandoned)
    {
        if (delivery.MayHaveRun)
            await PublishNextAsync(request, delivery.Message.Batch, abandoned);
        return Done;
    }

    private async Task PublishNextAsync(PrimeRequest request, int batch, CancellationToken abandoned)
    {
        long next = (long)batch + request.Plan.Window;
        if (next >= request.Plan.BatchCount)
            return;
        var backOff = new BackOff(time);
        while (true)
        {
            try
            {
                await queue.PublishAsync(Lanes.Of(request), [new BatchMessage(request.Id, (int)next)], abandoned);
                return;
            }
            catch (QueueUnavailableException)
            {
                // Without it the request would stall until the sweeper comes. When this delivery's channel is lost as well, it is delivered again.
                await backOff.WaitAsync(abandoned);
            }
        }
    }

    private async Task<Settlement> FailAsync(Delivery delivery)
    {
        (Guid id, int batch) = delivery.Message;
        string reason = delivery.Faults >= MaxFaults
            ? $"Batch {batch} failed {delivery.Faults} times for a reason within the service."
            : $"Batch {batch} was given to {delivery.Deliveries} workers, and each ended before it was done.";
        await store.FailAsync(id, reason, CancellationToken.None);
        changes.Announce(id);
        LogFailed(id, reason);
        return new Settlement.Reject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {Batch} of request {RequestId} is handed back, the database is away: {Reason}")]
    private partial void LogStoreUnavailable(int batch, Guid requestId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of request {RequestId} failed unexpectedly, for the {Faults}. time")]
    private partial void LogFault(Exception exception, int batch, Guid requestId, int faults);

    [LoggerMessage(Level = LogLevel.Information, Message = "The search for batch {Batch} of request {RequestId} ends: it is no longer wanted")]
    private partial void LogSuperseded(int batch, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed: {Reason}")]
    private partial void LogFailed(Guid requestId, string reason);
}
