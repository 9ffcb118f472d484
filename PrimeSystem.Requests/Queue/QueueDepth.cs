namespace PrimeSystem.Requests.Queue;

/// <summary>What waits in the queue, and who takes from it.</summary>
/// <param name="Batches">The lane of ordinary requests.</param>
/// <param name="Express">The lane of small ones.</param>
/// <param name="DeadLetters">Messages that could never succeed, kept for a person to look at.</param>
public sealed record QueueDepth(LaneDepth Batches, LaneDepth Express, long DeadLetters)
{
    /// <summary>Messages that wait in both lanes.</summary>
    public long Ready => Batches.Ready + Express.Ready;
}

/// <summary>One lane.</summary>
/// <param name="Ready">Messages that wait; those that a consumer holds do not count.</param>
/// <param name="Consumers">Consumers of all processes.</param>
public readonly record struct LaneDepth(long Ready, int Consumers);
