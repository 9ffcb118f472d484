namespace PrimeSystem.Requests.Queue;

/// <summary>Works off deliveries.</summary>
public interface IBatchHandler
{
    /// <summary>Returns when deliveries can be worked off: the database answers, and none has to be worked on alone.</summary>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Works off a delivery and says what is to become of it. It does not throw for anything that a delivery can be the cause of.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="stopping">The process is asked to stop: finish or hand back soon.</param>
    /// <param name="abandoned">The delivery is no longer this consumer's: its connection is lost, or the time to stop is over.</param>
    Task<Settlement> HandleAsync(Delivery delivery, CancellationToken stopping, CancellationToken abandoned);

    /// <summary>Sees to it that a message comes again which the queue does not take back.</summary>
    Task LetGoAsync(BatchMessage message);
}
