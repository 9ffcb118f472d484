using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>
/// Puts the first batches of accepted requests into the queue, many requests at a time. It is a shortcut: a request that it misses (its process dies, the
/// broker is unavailable, too many messages wait) stays undispatched in the database, where <see cref="RequestRescuer"/> finds it.
/// </summary>
public sealed partial class Dispatcher(
    IRequestStore store, IBatchQueue queue, QueueSampler sampler, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time,
    ILogger<Dispatcher> log) : BackgroundService
{
    /// <summary>Requests that are dispatched together at most.</summary>
    private const int MaxRequests = 64;

    /// <summary>Messages that wait for their confirms at a time.</summary>
    private const int MaxUnconfirmed = 1_000;

    private static readonly TimeSpan DepthMaxAge = TimeSpan.FromSeconds(1);

    private readonly Channel<PrimeRequest> _accepted =
        Channel.CreateBounded<PrimeRequest>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    private QueueDepth? _depth;
    private long _publishedSince;

    /// <summary>Dispatches a request that was just accepted, soon.</summary>
    public void DispatchSoon(PrimeRequest request) => _accepted.Writer.TryWrite(request);

    /// <summary>Publishes the lowest unfinished batches of requests, as many as their windows hold, and notes that they are dispatched.</summary>
    /// <exception cref="QueueUnavailableException">The queue is unavailable; the requests stay undispatched.</exception>
    public async Task DispatchAsync(IReadOnlyCollection<PrimeRequest> requests, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        try
        {
            var messages = new List<BatchMessage>();
            foreach (PrimeRequest request in requests)
                messages.AddRange(await FirstMessagesAsync(request, cancellationToken));
            foreach (BatchMessage[] chunk in messages.Chunk(MaxUnconfirmed))
            {
                await queue.PublishAsync(chunk, cancellationToken);
                Interlocked.Add(ref _publishedSince, chunk.Length);
            }
            await store.MarkDispatchedAsync([.. requests.Select(request => request.Id)], cancellationToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
        {
            metrics.DispatchFailed();
            throw;
        }
        foreach (PrimeRequest request in requests)
        {
            FlowTrace.Dispatched(request, start);
            // A request that stalled, or lost a message, was dispatched before.
            if (request.DispatchedAt is null && request.Status == RequestStatus.Pending)
                metrics.Dispatched(time.GetUtcNow() - request.CreatedAt);
        }
    }

    /// <summary>Whether so many messages wait that nothing new should be dispatched.</summary>
    internal async Task<bool> IsQueueFullAsync(CancellationToken cancellationToken)
    {
        QueueDepth depth = await sampler.ReadAsync(DepthMaxAge, cancellationToken);
        if (!ReferenceEquals(depth, _depth))
            (_depth, _publishedSince) = (depth, 0);
        return depth.Ready + _publishedSince > options.Value.MaxReady;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _accepted.Reader.WaitToReadAsync(stoppingToken))
        {
            var requests = new List<PrimeRequest>();
            while (requests.Count < MaxRequests && _accepted.Reader.TryRead(out PrimeRequest? request))
                requests.Add(request);
            try
            {
                if (!await IsQueueFullAsync(stoppingToken))
                    await DispatchAsync(requests, stoppingToken);
            }
            catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
            {
                // The store logs its outages itself.
                if (e is QueueUnavailableException)
                    LogPostponed(requests.Count, (e.InnerException ?? e).Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e, requests.Count);
            }
        }
    }

    private async Task<IEnumerable<BatchMessage>> FirstMessagesAsync(PrimeRequest request, CancellationToken cancellationToken)
    {
        BatchPlan plan = request.Plan;
        IReadOnlyList<int> batches = request.GeneratedCount == 0
            ? [.. Enumerable.Range(0, Math.Min(plan.Window, plan.BatchCount))]
            : await store.FindUnfinishedBatchesAsync(request, plan.Window, cancellationToken);
        int racers = plan.RacersPerBatch(request.Digits, options.Value.RaceAbove);
        return Enumerable.Repeat(batches, racers).SelectMany(round => round).Select(batch => BatchMessage.For(request, batch));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dispatch of {Count} accepted requests postponed: {Reason}")]
    private partial void LogPostponed(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Dispatch of {Count} accepted requests failed unexpectedly; it is retried later")]
    private partial void LogFailed(Exception exception, int count);
}
