using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Processing;

/// <summary>How the processing of a batch ended.</summary>
internal abstract record BatchOutcome
{
    private BatchOutcome()
    {
    }

    /// <summary>The name in metrics and traces.</summary>
    public string Name => GetType().Name.ToLowerInvariant();

    /// <summary>Nothing is left to do for the message.</summary>
    public sealed record Acknowledge : BatchOutcome;

    /// <summary>The batch can never succeed.</summary>
    public sealed record Reject : BatchOutcome;

    /// <summary>Another consumer is to process the batch, or this one later.</summary>
    /// <param name="Again">The message to publish.</param>
    /// <param name="Pause">Whether to take nothing more until the worker is ready again.</param>
    public sealed record HandBack(BatchMessage Again, bool Pause = false) : BatchOutcome;
}
