namespace PrimeSystem.Requests.Queue;

/// <summary>The queue between dispatcher and workers. At least once: a message is delivered until it is acknowledged.</summary>
public interface IBatchQueue
{
    /// <summary>Publishes messages; they are in the queue, safely, when this returns.</summary>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached, or did not confirm; some may be in the queue all the same.</exception>
    Task PublishAsync(Lane lane, IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken);

    /// <summary>What waits, and who takes from it.</summary>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached.</exception>
    Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Consumes one delivery at a time until <paramref name="stopping"/>, subscribing again whatever happens to the queue meanwhile. It returns once
    /// the last delivery is settled, or was <paramref name="abandoned"/>.
    /// </summary>
    Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned);
}
