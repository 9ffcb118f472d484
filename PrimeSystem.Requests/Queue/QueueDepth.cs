namespace PrimeSystem.Requests.Queue;

/// <summary>The messages that wait in the queue, and its consumers.</summary>
/// <param name="Batches">The lane of ordinary requests.</param>
/// <param name="Express">The lane of small ones.</param>
/// <param name="DeadLetters">Messages that can never succeed, kept for an operator to look at.</param>
public sealed record QueueDepth(LaneDepth Batches, LaneDepth Express, long DeadLetters)
{
    /// <summary>Messages that wait in both lanes.</summary>
    public long Ready => Batches.Ready + Express.Ready;
}
