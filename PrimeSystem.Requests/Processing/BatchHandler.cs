using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// What a worker does with a batch: look whether it is still wanted, find its primes, store them, publish the batch that is due next. Any step may
/// happen twice, or be cut off after any other, without a prime too many or a request that is stuck.
/// </summary>
internal sealed partial class BatchHandler(
    IRequestStore store, IBatchQueue queue, IRequestChanges changes, SearchWatch watch, BatchSearch search, FlowMetrics metrics,
    IOptions<FlowOptions> options, IOptions<QueueOptions> queueOptions, TimeProvider time, ILogger<BatchHandler> log) : IBatchHandler
{
    /// <summary>Deliveries without an answer after which a message is believed to kill its consumers, and its request fails.</summary>
    internal const long MaxDeliveries = 10;

    /// <summary>Deliveries without an answer after which a message is worked on alone, so that no other is blamed for what it does.</summary>
    internal const long SuspectDeliveries = 3;

    /// <summary>Unexpected failures of a batch after which its request fails.</summary>
    private const int MaxFaults = 10;

    private static readonly Func<ILogger, Guid, int, IDisposable?> InBatch =
        LoggerMessage.DefineScope<Guid, int>("request {RequestId}, batch {Batch}");

    private static readonly Settlement Done = new Settlement.Acknowledge();

    private readonly FlowOptions _options = options.Value;
    private readonly Quarantine _quarantine = new();

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(time);
        while (true)
        {
            try
            {
                await store.PingAsync(cancellationToken);
                break;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await backOff.WaitAsync(cancellationToken);
            }
        }
        await _quarantine.WaitAsync(cancellationToken);
    }

    public async Task<Settlement> HandleAsync(Delivery delivery, CancellationToken stopping, CancellationToken abandoned)
    {
        long start = time.GetTimestamp();
        Settlement? settlement = null;
        using IDisposable? scope = InBatch(log, delivery.Message.RequestId, delivery.Message.Batch);
        using Activity? span = FlowTrace.StartBatch(delivery);
        metrics.Began(delivery);
        try
        {
            settlement = await SettleAsync(delivery, stopping, abandoned);
            FlowTrace.Settled(span, settlement);
            return settlement;
        }
        finally
        {
            metrics.Ended(settlement, time.GetElapsedTime(start));
        }
    }

    public async Task LetGoAsync(BatchMessage message)
    {
        LogLetGo(message.Batch, message.RequestId);
        try
        {
            await store.ForgetDispatchAsync(message.RequestId, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The sweeper finds it all the same, once nobody has been seen at the request for a while.
        }
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
                return await FollowUpAsync(delivery, state.Request, stopping, abandoned);
            if (delivery.Deliveries >= MaxDeliveries || delivery.Faults >= MaxFaults)
                return await FailAsync(delivery);
            if (stopping.IsCancellationRequested)
                return new Settlement.HandBack(delivery);
            using IDisposable? stay = await EnterAsync(delivery, stopping, abandoned);
            return stay is null ? new Settlement.HandBack(delivery, Pause: true) : await WorkAsync(delivery, state.Request, stopping, abandoned);
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(message.Batch, message.RequestId, (e.InnerException ?? e).Message);
            FlowTrace.Failed("The database is away.");
            return new Settlement.HandBack(delivery, Pause: true);
        }
        catch (Exception e) when (!abandoned.IsCancellationRequested)
        {
            FlowTrace.Failed(e.GetType().Name);
            LogFault(e, message.Batch, message.RequestId, delivery.Faults + 1);
            await Task.Delay(_options.LookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Settlement.HandBack(delivery with { Faults = delivery.Faults + 1 });
        }
    }

    private async ValueTask<IDisposable?> EnterAsync(Delivery delivery, CancellationToken stopping, CancellationToken abandoned)
    {
        if (delivery.Deliveries < SuspectDeliveries)
            return _quarantine.TryEnter();
        LogSuspect(delivery.Message.Batch, delivery.Message.RequestId, delivery.Deliveries);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, abandoned);
        IDisposable? stay = await _quarantine.TryEnterAloneAsync(over.Token);
        // Those who left or were not let in have to settle their deliveries, or they would be blamed all the same.
        if (stay is not null)
            await Task.Delay(_options.LookEvery, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stay;
    }

    private async Task<Settlement> WorkAsync(Delivery delivery, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        int batch = delivery.Message.Batch;
        // If it comes to be handed back, it was not this that killed anybody.
        delivery = delivery with { Deliveries = 0 };
        // What takes the express lane is done before anybody could look, and the commit notes the same.
        if (Lanes.Of(request) != Lane.Express)
        {
            await watch.MarkSeenAsync(request, CancellationToken.None);
            if (request.Status == RequestStatus.Pending)
                changes.Announce(request.Id);
        }

        IReadOnlyList<FoundPrime> primes;
        int count = request.Plan.CountOf(batch, request.Quantity);
        using (FlowTrace.StartSearch(request, count))
        using (SearchWatch.Search wanted = watch.Begin(request.Id, batch))
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(wanted.Superseded))
        await using (stopping.Register(() => cut.CancelAfter(_options.FinishWithin)))
        {
            try
            {
                primes = await SearchAsync(request.Digits, count, StopAfterSlice(count, stopping), cut.Token);
            }
            catch (OperationCanceledException) when (wanted.Superseded.IsCancellationRequested)
            {
                LogSuperseded(batch, request.Id);
                return await FollowUpAsync(delivery, request, stopping, abandoned);
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

    private async Task<IReadOnlyList<FoundPrime>> SearchAsync(int digits, int count, Func<bool>? stop, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int found = 0;
        try
        {
            IReadOnlyList<FoundPrime> primes = await search.RunAsync(digits, count, stop, cancellationToken);
            found = primes.Count;
            return primes;
        }
        finally
        {
            metrics.Searched(digits, time.GetElapsedTime(start), found, count);
        }
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
                BatchCommit commit;
                using (FlowTrace.StartCommit())
                {
                    commit = await store.CommitBatchAsync(
                        request, batch, primes, n => SearchAsync(request.Digits, n, stop: null, CancellationToken.None), CancellationToken.None);
                }
                switch (commit.Outcome)
                {
                    case CommitOutcome.Committed:
                        changes.Announce(request.Id);
                        Report(request, primes.Count, commit.GeneratedCount);
                        await PublishNextAsync(request, batch, stopping, abandoned);
                        return Done;
                    case CommitOutcome.AlreadyDone:
                        return await FollowUpAsync(delivery, request, stopping, abandoned);
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
                    FlowTrace.Failed("The database is away.");
                    return new Settlement.HandBack(delivery, Pause: true);
                }
                await backOff.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Report(PrimeRequest request, int primes, int generatedCount)
    {
        TimeSpan sinceAcceptance = time.GetUtcNow() - request.CreatedAt;
        metrics.Committed(request, primes, generatedCount, sinceAcceptance);
        if (generatedCount == request.Quantity)
            LogCompleted(request.Id, request.Quantity, request.Digits, sinceAcceptance.TotalSeconds);
    }

    /// <summary>A batch that is stored already: whoever stored it may not have come to publish the next one.</summary>
    private async Task<Settlement> FollowUpAsync(Delivery delivery, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        if (delivery.MayHaveRun)
            await PublishNextAsync(request, delivery.Message.Batch, stopping, abandoned);
        return Done;
    }

    private async Task PublishNextAsync(PrimeRequest request, int batch, CancellationToken stopping, CancellationToken abandoned)
    {
        long next = (long)batch + request.Plan.Window;
        if (next >= request.Plan.BatchCount)
            return;
        using Activity? span = FlowTrace.StartPublish((int)next);
        BatchMessage message = BatchMessage.For(request, (int)next);
        Task PublishAsync(CancellationToken token) => queue.PublishAsync(Lanes.Of(request), [message], token);
        // When this delivery's channel is lost as well, it is delivered again.
        if (await BackOff.UntilTakenAsync(PublishAsync, queueOptions.Value.HoldFor, time, stopping, abandoned))
            return;
        FlowTrace.Failed("The queue takes nothing.");
        await LetGoAsync(message);
    }

    private async Task<Settlement> FailAsync(Delivery delivery)
    {
        (Guid id, int batch) = delivery.Message;
        string reason = delivery.Faults >= MaxFaults
            ? $"Batch {batch} failed {delivery.Faults} times for a reason within the service."
            : $"Batch {batch} was given to {delivery.Deliveries} workers, and each ended before it was done.";
        if (await store.FailAsync(id, reason, CancellationToken.None))
        {
            changes.Announce(id);
            metrics.Failed();
            LogFailed(id, reason);
        }
        FlowTrace.Failed(reason);
        return new Settlement.Reject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {Batch} of request {RequestId} is handed back, the database is away: {Reason}")]
    private partial void LogStoreUnavailable(int batch, Guid requestId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {Batch} of request {RequestId} was with {Deliveries} workers when they ended: it is worked on alone")]
    private partial void LogSuspect(int batch, Guid requestId, long deliveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of request {RequestId} failed unexpectedly, for the {Faults}. time")]
    private partial void LogFault(Exception exception, int batch, Guid requestId, int faults);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue takes nothing: batch {Batch} of request {RequestId} is left to the sweeper")]
    private partial void LogLetGo(int batch, Guid requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The search for batch {Batch} of request {RequestId} ends: it is no longer wanted")]
    private partial void LogSuperseded(int batch, Guid requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is completed: quantity {Quantity}, digits {Digits}, after {Seconds:0.000} s")]
    private partial void LogCompleted(Guid requestId, int quantity, int digits, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed: {Reason}")]
    private partial void LogFailed(Guid requestId, string reason);
}
