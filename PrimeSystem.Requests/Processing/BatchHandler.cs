using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Handles what the queue delivers: has the batch processed, publishes its message again when it is handed back, and says how to settle the delivery.
/// </summary>
internal sealed class BatchHandler(
    BatchProcessor processor, BatchPublisher publisher, Quarantine quarantine, IRequestStore store, FlowMetrics metrics, TimeProvider time,
    ILogger<BatchHandler> log) : IBatchHandler
{
    private static readonly Func<ILogger, Guid, int, IDisposable?> InBatch =
        LoggerMessage.DefineScope<Guid, int>("request {RequestId}, batch {Batch}");

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        await store.WaitUntilAvailableAsync(cancellationToken);
        await quarantine.WaitAsync(cancellationToken);
    }

    public async Task<Settlement> HandleAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
    {
        using IDisposable? scope = InBatch(log, message.RequestId, message.Batch);
        using Activity? span = FlowTrace.StartBatch(message);
        BatchOutcome outcome = await ProcessAsync(message, stopping, abandoned);
        FlowTrace.Processed(span, outcome.Name);
        if (outcome is BatchOutcome.Reject)
            return Settlement.Reject;
        if (outcome is not BatchOutcome.HandBack handBack)
            return Settlement.Acknowledge;
        await publisher.PublishAsync(handBack.Again, stopping, abandoned);
        return handBack.Pause ? Settlement.AcknowledgeAndPause : Settlement.Acknowledge;
    }

    private async Task<BatchOutcome> ProcessAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
    {
        long start = time.GetTimestamp();
        BatchOutcome? outcome = null;
        metrics.Began(message);
        try
        {
            return outcome = await processor.ProcessAsync(message, stopping, abandoned);
        }
        finally
        {
            metrics.Ended(outcome?.Name, time.GetElapsedTime(start));
        }
    }
}
