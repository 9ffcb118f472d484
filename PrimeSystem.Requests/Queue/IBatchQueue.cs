namespace PrimeSystem.Requests.Queue;

/// <summary>The queue between dispatcher and workers. It delivers at least once: until a message is settled.</summary>
public interface IBatchQueue
{
    /// <summary>Whether messages outlive the process that published them.</summary>
    bool IsDurable { get; }

    /// <summary>Publishes messages. They are safe in the queue when this returns.</summary>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached or did not confirm. Some messages may be in the queue all the same.</exception>
    Task PublishAsync(IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken);

    /// <summary>Reads how many messages and consumers there are.</summary>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached.</exception>
    Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Consumes one message at a time until <paramref name="stopping"/>, and subscribes again whatever happens to the queue meanwhile. It returns when
    /// the last message is settled or <paramref name="abandoned"/>.
    /// </summary>
    Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned);
}
