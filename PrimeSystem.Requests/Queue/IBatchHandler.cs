namespace PrimeSystem.Requests.Queue;

/// <summary>Processes the batches that a queue delivers.</summary>
public interface IBatchHandler
{
    /// <summary>Returns when batches can be processed: the database answers, and no batch has to be processed alone.</summary>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Processes a batch and says how to settle its message. It throws only when the delivery is abandoned.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stopping">The process is asked to stop: finish or hand back soon.</param>
    /// <param name="abandoned">The delivery no longer belongs to this consumer: its connection is lost, or the time to stop is over.</param>
    Task<Settlement> HandleAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned);
}
