using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Processes a batch: checks that it is still wanted, finds its primes, stores them, and publishes the batch that is due next. Every step may happen
/// twice, or be cut off after any other, and still no prime is stored too often and no request gets stuck.
/// </summary>
internal sealed partial class BatchProcessor(
    IRequestStore store, BatchPublisher publisher, IRequestChanges changes, SearchWatch watch, BatchSearch search, Quarantine quarantine,
    FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<BatchProcessor> log)
{
    /// <summary>Lost deliveries after which a batch is taken to kill its workers, and its request fails.</summary>
    internal const long MaxLostDeliveries = 10;

    /// <summary>Lost deliveries after which a batch is processed alone, so that no other batch is blamed for what it does.</summary>
    internal const long SuspectLostDeliveries = 3;

    /// <summary>Unexpected failures of a batch after which its request fails.</summary>
    internal const int MaxFaults = 10;

    /// <summary>How long a search may go on after its process was asked to stop, so that a prime that is being confirmed is finished. The host waits
    /// for 30 s, in which the message is to be handed back as well.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(15);

    private static readonly BatchOutcome Done = new BatchOutcome.Acknowledge();

    private readonly FlowOptions _options = options.Value;

    /// <summary>Processes a batch. It throws only when the delivery is abandoned.</summary>
    /// <param name="message">The message of the batch.</param>
    /// <param name="stopping">The process is asked to stop: finish or hand back soon.</param>
    /// <param name="abandoned">The delivery no longer belongs to this consumer.</param>
    public async Task<BatchOutcome> ProcessAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
    {
        try
        {
            BatchState? state = await store.FindBatchAsync(message.RequestId, message.Batch, CancellationToken.None);
            if (state is null || state.Request.Status.IsEnded() || message.Batch >= state.Request.Plan.BatchCount)
                return Done;
            if (state.IsDone)
                return await FollowUpAsync(message, state.Request, stopping, abandoned);
            if (message.LostDeliveries >= MaxLostDeliveries || message.Faults >= MaxFaults)
                return await FailAsync(message);
            if (stopping.IsCancellationRequested)
                return new BatchOutcome.HandBack(message);
            using IDisposable? stay = await EnterAsync(message, stopping, abandoned);
            return stay is null
                ? new BatchOutcome.HandBack(message, Pause: true)
                : await SearchAndCommitAsync(message, state.Request, stopping, abandoned);
        }
        catch (StoreUnavailableException e)
        {
            return HandBackWithoutStore(message, e);
        }
        catch (Exception e) when (!abandoned.IsCancellationRequested)
        {
            message = message with { Faults = message.Faults + 1 };
            FlowTrace.Failed(e.GetType().Name);
            LogFault(e, message.Batch, message.RequestId, message.Faults);
            await Task.Delay(_options.LookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new BatchOutcome.HandBack(message);
        }
    }

    private async ValueTask<IDisposable?> EnterAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
    {
        if (message.LostDeliveries < SuspectLostDeliveries)
            return quarantine.TryEnter();
        LogSuspect(message.Batch, message.RequestId, message.LostDeliveries);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, abandoned);
        IDisposable? stay = await quarantine.TryEnterAloneAsync(over.Token);
        // The others still have to settle their deliveries, or they would be blamed all the same.
        if (stay is not null)
            await Task.Delay(_options.LookEvery, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stay;
    }

    private async Task<BatchOutcome> SearchAndCommitAsync(
        BatchMessage message, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        // If the message is handed back, this batch did not kill its workers.
        message = message with { LostDeliveries = 0 };
        // A batch in the express lane is done before anybody could look, and its commit notes the same.
        if (message.Lane != Lane.Express)
        {
            await watch.MarkSeenAsync(request, CancellationToken.None);
            if (request.Status == RequestStatus.Pending)
                changes.Notify(request.Id);
        }

        IReadOnlyList<FoundPrime> primes;
        int count = request.Plan.CountOf(message.Batch, request.Quantity);
        using (FlowTrace.StartSearch(request, count))
        using (SearchWatch.Search wanted = watch.Begin(request.Id, message.Batch))
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(wanted.Superseded))
        await using (stopping.Register(() => cut.CancelAfter(FinishWithin)))
        {
            try
            {
                primes = await SearchAsync(request.Digits, count, StopAfterSlice(count, stopping), cut.Token);
            }
            catch (OperationCanceledException) when (wanted.Superseded.IsCancellationRequested)
            {
                LogSuperseded(message.Batch, request.Id);
                return await FollowUpAsync(message, request, stopping, abandoned);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                primes = [];
            }
        }
        return primes.Count < count
            ? new BatchOutcome.HandBack(message)
            : await CommitAsync(message, request, [.. primes], stopping, abandoned);
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
    /// Ends the search for a single prime after a slice. Such a search may take hours; it has no memory, so handing it back loses nothing and gives other
    /// requests their turn. Batches of more primes are short by their plan.
    /// </summary>
    private Func<bool> StopAfterSlice(int count, CancellationToken stopping)
    {
        long start = time.GetTimestamp();
        return () => stopping.IsCancellationRequested || (count == 1 && time.GetElapsedTime(start) >= _options.Slice);
    }

    private async Task<BatchOutcome> CommitAsync(
        BatchMessage message, PrimeRequest request, FoundPrime[] primes, CancellationToken stopping, CancellationToken abandoned)
    {
        long start = time.GetTimestamp();
        BatchCommit commit = default;
        try
        {
            // The primes may have been expensive: keep them for a slice. A commit is never cut off, however soon the process has to stop.
            await BackOff.RetryAsync(
                TryAsync, time, CancellationToken.None,
                isRetried: e => e is StoreUnavailableException && !stopping.IsCancellationRequested && time.GetElapsedTime(start) < _options.Slice);
        }
        catch (StoreUnavailableException e)
        {
            return HandBackWithoutStore(message, e);
        }
        if (commit.Outcome == CommitOutcome.AlreadyDone)
            return await FollowUpAsync(message, request, stopping, abandoned);
        if (commit.Outcome == CommitOutcome.Committed)
        {
            changes.Notify(request.Id);
            Report(request, primes.Length, commit.GeneratedCount);
            await PublishNextAsync(message.Batch, request, stopping, abandoned);
        }
        return Done;

        async Task TryAsync(CancellationToken cancellationToken)
        {
            try
            {
                while ((commit = await CommitOnceAsync(message, request, primes, cancellationToken)).Outcome == CommitOutcome.Collided)
                    await ReplaceAsync(primes, commit.Collided, request.Digits);
            }
            catch (StoreUnavailableException)
            {
                // Whether the transaction took place is unknown from here on.
                message = message with { MayHaveRun = true };
                throw;
            }
        }
    }

    private async Task<BatchCommit> CommitOnceAsync(
        BatchMessage message, PrimeRequest request, FoundPrime[] primes, CancellationToken cancellationToken)
    {
        using Activity? span = FlowTrace.StartCommit();
        return await store.CommitBatchAsync(request, message.Batch, primes, cancellationToken);
    }

    /// <summary>Finds others for primes that the request has already.</summary>
    private async Task ReplaceAsync(FoundPrime[] primes, IReadOnlyList<int> collided, int digits)
    {
        IReadOnlyList<FoundPrime> others = await SearchAsync(digits, collided.Count, stop: null, CancellationToken.None);
        for (int i = 0; i < collided.Count; i++)
            primes[collided[i]] = others[i];
    }

    private void Report(PrimeRequest request, int primes, int generatedCount)
    {
        TimeSpan sinceAcceptance = time.GetUtcNow() - request.CreatedAt;
        metrics.Committed(request, primes, generatedCount, sinceAcceptance);
        if (generatedCount == request.Quantity)
            LogCompleted(request.Id, request.Quantity, request.Digits, sinceAcceptance.TotalSeconds);
    }

    /// <summary>Ends the processing of a batch that is stored already. The consumer that stored it may have died before it published the next one.</summary>
    private async Task<BatchOutcome> FollowUpAsync(BatchMessage message, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        if (message.MayHaveRun)
            await PublishNextAsync(message.Batch, request, stopping, abandoned);
        return Done;
    }

    private async Task PublishNextAsync(int batch, PrimeRequest request, CancellationToken stopping, CancellationToken abandoned)
    {
        long next = (long)batch + request.Plan.Window;
        if (next >= request.Plan.BatchCount)
            return;
        using Activity? span = FlowTrace.StartPublish((int)next);
        await publisher.PublishAsync(BatchMessage.For(request, (int)next), stopping, abandoned);
    }

    private BatchOutcome.HandBack HandBackWithoutStore(BatchMessage message, StoreUnavailableException reason)
    {
        LogStoreUnavailable(message.Batch, message.RequestId, (reason.InnerException ?? reason).Message);
        FlowTrace.Failed("The database is unavailable.");
        return new BatchOutcome.HandBack(message, Pause: true);
    }

    private async Task<BatchOutcome> FailAsync(BatchMessage message)
    {
        string reason = message.Faults >= MaxFaults
            ? $"Batch {message.Batch} failed {message.Faults} times because of an internal error."
            : $"Batch {message.Batch} was given to {message.LostDeliveries} workers, and each ended before it was done.";
        if (await store.FailAsync(message.RequestId, reason, CancellationToken.None))
        {
            changes.Notify(message.RequestId);
            metrics.Failed();
            LogFailed(message.RequestId, reason);
        }
        FlowTrace.Failed(reason);
        return new BatchOutcome.Reject();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Batch {Batch} of request {RequestId} handed back: database unavailable: {Reason}")]
    private partial void LogStoreUnavailable(int batch, Guid requestId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {Batch} of request {RequestId} is processed alone: {Deliveries} workers ended while they held it")]
    private partial void LogSuspect(int batch, Guid requestId, long deliveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of request {RequestId} handed back (attempt {Faults}): unexpected failure")]
    private partial void LogFault(Exception exception, int batch, Guid requestId, int faults);

    [LoggerMessage(Level = LogLevel.Information, Message = "Search for batch {Batch} of request {RequestId} ended: its primes are no longer needed")]
    private partial void LogSuperseded(int batch, Guid requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is completed: quantity {Quantity}, digits {Digits}, after {Seconds:0.000} s")]
    private partial void LogCompleted(Guid requestId, int quantity, int digits, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed: {Reason}")]
    private partial void LogFailed(Guid requestId, string reason);
}
