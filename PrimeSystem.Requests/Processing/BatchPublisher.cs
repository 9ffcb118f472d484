using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Publishes the messages of a worker: the batch that is due next, and those that it hands back. A broker that takes no messages is retried for a while;
/// then the request counts as undispatched, and the rescuer publishes what is missing.
/// </summary>
internal sealed partial class BatchPublisher(
    IBatchQueue queue, IRequestStore store, IOptions<QueueOptions> options, TimeProvider time, ILogger<BatchPublisher> log)
{
    /// <summary>How long a process that stops waits for a broker that takes no messages.</summary>
    private static readonly TimeSpan WhileStopping = TimeSpan.FromSeconds(5);

    /// <summary>Publishes a message, or leaves it to the rescuer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stopping">The process is asked to stop.</param>
    /// <param name="abandoned">The delivery no longer belongs to this consumer: it is delivered again, and nothing is to be done here.</param>
    public async Task PublishAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        limit.CancelAfter(options.Value.HoldFor);
        await using CancellationTokenRegistration hurry = stopping.Register(() => limit.CancelAfter(WhileStopping));
        try
        {
            await BackOff.RetryAsync(
                token => queue.PublishAsync([message], token), time, limit.Token, isRetried: e => e is QueueUnavailableException);
        }
        catch (Exception) when (limit.IsCancellationRequested && !abandoned.IsCancellationRequested)
        {
            FlowTrace.Failed("The queue takes no messages.");
            await RedispatchLaterAsync(message);
        }
    }

    private async Task RedispatchLaterAsync(BatchMessage message)
    {
        LogLeft(message.Batch, message.RequestId);
        try
        {
            await store.MarkUndispatchedAsync(message.RequestId, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The rescuer finds the request when it has stalled.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {Batch} of request {RequestId} not published: the queue takes no messages; it is dispatched again later")]
    private partial void LogLeft(int batch, Guid requestId);
}
