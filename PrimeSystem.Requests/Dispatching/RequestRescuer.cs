using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>Rescues requests that were lost on the way: accepted ones that were not dispatched, and stalled ones, whose messages are gone.</summary>
internal sealed partial class RequestRescuer(
    IRequestStore store, Dispatcher dispatcher, IBatchQueue queue, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time,
    ILogger<RequestRescuer> log) : ISweep
{
    /// <summary>Requests that are read at a time.</summary>
    private const int MaxRequests = 64;

    private readonly FlowOptions _options = options.Value;
    private bool _queueIsEmpty = !queue.IsDurable;

    public SweepDuty Duty => SweepDuty.Rescue;

    public TimeSpan Every => _options.SweepEvery;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (_queueIsEmpty)
        {
            await store.MarkAllUndispatchedAsync(cancellationToken);
            _queueIsEmpty = false;
            await DispatchAsync(time.GetUtcNow(), cancellationToken);
        }
        await DispatchAsync(time.GetUtcNow() - _options.DispatchAfter, cancellationToken);
        if (await dispatcher.IsQueueFullAsync(cancellationToken))
            return;
        foreach (PrimeRequest request in await store.FindStalledAsync(_options.StalledAfter, MaxRequests, cancellationToken))
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
            IReadOnlyList<PrimeRequest> requests = await store.FindUndispatchedAsync(createdBefore, MaxRequests, cancellationToken);
            if (requests.Count == 0)
                return;
            await dispatcher.DispatchAsync(requests, cancellationToken);
            LogDispatched(requests.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} undispatched requests dispatched")]
    private partial void LogDispatched(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} stalled: its batches are dispatched again (attempt {Sweeps})")]
    private partial void LogStalled(Guid requestId, int sweeps);
}
