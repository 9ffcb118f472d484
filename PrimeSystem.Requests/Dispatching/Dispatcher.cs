using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>
/// Puts the first batches of accepted requests into the queue, many requests at a time. It is a shortcut: what it misses (its process dies, the broker
/// is away, too much is waiting) stays undispatched in the database, where the <see cref="Sweeper"/> finds it.
/// </summary>
public sealed partial class Dispatcher(
    IRequestStore store, IBatchQueue queue, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<Dispatcher> log) : BackgroundService
{
    private const int Together = 64;

    /// <summary>Messages that wait for their confirms at a time.</summary>
    private const int Portion = 1_000;

    private static readonly TimeSpan DepthIsFresh = TimeSpan.FromSeconds(1);

    private readonly Channel<PrimeRequest> _accepted =
        Channel.CreateBounded<PrimeRequest>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _depthReadAt;
    private long _depth;

    /// <summary>Has a request that was just accepted dispatched soon.</summary>
    public void Announce(PrimeRequest request) => _accepted.Writer.TryWrite(request);

    /// <summary>Publishes the lowest unfinished batches of requests, as many as their windows hold, and notes that they are dispatched.</summary>
    /// <exception cref="QueueUnavailableException">The queue is away; the requests stay undispatched.</exception>
    public async Task DispatchAsync(IReadOnlyCollection<PrimeRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            foreach (IGrouping<Lane, PrimeRequest> lane in requests.GroupBy(Lanes.Of))
                await DispatchAsync(lane.Key, [.. lane], cancellationToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
        {
            metrics.DispatchFailed();
            throw;
        }
    }

    private async Task DispatchAsync(Lane lane, IReadOnlyList<PrimeRequest> requests, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        var messages = new List<BatchMessage>();
        foreach (PrimeRequest request in requests)
            messages.AddRange(await FirstMessagesAsync(request, cancellationToken));
        foreach (BatchMessage[] portion in messages.Chunk(Portion))
        {
            await queue.PublishAsync(lane, portion, cancellationToken);
            Interlocked.Add(ref _depth, portion.Length);
        }
        await store.MarkDispatchedAsync([.. requests.Select(request => request.Id)], cancellationToken);
        foreach (PrimeRequest request in requests)
        {
            FlowTrace.Dispatched(request, start);
            // A request that stalled, or lost a message, was dispatched before.
            if (request.DispatchedAt is null && request.Status == RequestStatus.Pending)
                metrics.Dispatched(time.GetUtcNow() - request.CreatedAt);
        }
    }

    /// <summary>Whether so much is waiting in the queue that nothing new should be put there.</summary>
    internal async Task<bool> IsQueueFullAsync(CancellationToken cancellationToken)
    {
        if (_depthReadAt == 0 || time.GetElapsedTime(_depthReadAt) > DepthIsFresh)
        {
            _depth = (await queue.ReadDepthAsync(cancellationToken)).Ready;
            _depthReadAt = time.GetTimestamp();
        }
        return _depth > options.Value.MaxReady;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _accepted.Reader.WaitToReadAsync(stoppingToken))
        {
            var requests = new List<PrimeRequest>();
            while (requests.Count < Together && _accepted.Reader.TryRead(out PrimeRequest? request))
                requests.Add(request);
            try
            {
                if (!await IsQueueFullAsync(stoppingToken))
                    await DispatchAsync(requests, stoppingToken);
            }
            catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
            {
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accepted requests are dispatched later: {Reason}")]
    private partial void LogPostponed(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} accepted requests could not be dispatched; the sweeper will try")]
    private partial void LogFailed(Exception exception, int count);
}
