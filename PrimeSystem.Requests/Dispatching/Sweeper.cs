using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>
/// Brings back what was lost on the way: requests that were accepted and not dispatched, requests whose messages are gone, and purges that were
/// interrupted. Every process runs one; a lock lets one of them sweep at a time.
/// </summary>
internal sealed partial class Sweeper(
    IRequestStore store, Dispatcher dispatcher, QueueLifetime lifetime, FlowMetrics metrics, IOptions<FlowOptions> options,
    IOptions<IdempotencyOptions> idempotency, IOptions<RetentionOptions> retention, TimeProvider time, ILogger<Sweeper> log)
    : BackgroundService
{
    private const int AtOnce = 64;

    /// <summary>Requests that one sweep lets expire.</summary>
    private const int ExpireAtOnce = 1_000;

    /// <summary>Chunks of purged requests that one sweep deletes.</summary>
    private const int PurgeChunks = 50;

    private readonly FlowOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool forgotten = lifetime == QueueLifetime.Durable;
        using var timer = new PeriodicTimer(_options.SweepEvery, time);
        do
        {
            try
            {
                if (!forgotten)
                {
                    await store.ForgetDispatchesAsync(stoppingToken);
                    forgotten = true;
                    await DispatchAsync(time.GetUtcNow(), stoppingToken);
                }
                await using IAsyncDisposable? mine = await store.TryLockAsync(stoppingToken);
                if (mine is not null)
                    await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is StoreUnavailableException or QueueUnavailableException)
            {
                LogPostponed((e.InnerException ?? e).Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DispatchAsync(time.GetUtcNow() - _options.DispatchAfter, cancellationToken);
            if (!await dispatcher.IsQueueFullAsync(cancellationToken))
                await RescueAsync(cancellationToken);
        }
        finally
        {
            // Last, so that nothing waits for it; it does not need the queue.
            await store.ForgetAsync(time.GetUtcNow() - idempotency.Value.KeepFor, cancellationToken);
            if (retention.Value.Completed is { } keep)
                await store.PurgeCompletedAsync(time.GetUtcNow() - keep, ExpireAtOnce, cancellationToken);
            for (int chunk = 0; chunk < PurgeChunks && await store.DeletePurgedAsync(cancellationToken); chunk++)
            {
            }
        }
    }

    private async Task RescueAsync(CancellationToken cancellationToken)
    {
        foreach (PrimeRequest request in await store.FindStalledAsync(_options.StalledAfter, AtOnce, cancellationToken))
        {
            await dispatcher.DispatchAsync([request], cancellationToken);
            await store.MarkSweptAsync(request.Id, cancellationToken);
            metrics.Stalled();
            LogStalled(request.Id, request.Sweeps + 1);
        }
    }

    private async Task DispatchAsync(DateTimeOffset createdBefore, CancellationToken cancellationToken)
    {
        while (!await dispatcher.IsQueueFullAsync(cancellationToken))
        {
            IReadOnlyList<PrimeRequest> requests = await store.FindUndispatchedAsync(createdBefore, AtOnce, cancellationToken);
            if (requests.Count == 0)
                return;
            await dispatcher.DispatchAsync(requests, cancellationToken);
            LogDispatched(requests.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} undispatched requests were put into the queue")]
    private partial void LogDispatched(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody was seen at request {RequestId}: its batches are published again, for the {Sweeps}. time")]
    private partial void LogStalled(Guid requestId, int sweeps);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep is postponed: {Reason}")]
    private partial void LogPostponed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep failed")]
    private partial void LogFailed(Exception exception);
}
