namespace PrimeSystem.Requests.Queue;

/// <summary>
/// What the queue does with a message that was handled. There is no negative acknowledgement, which brokers count as a failed delivery: a handler that
/// cannot finish publishes the message again and acknowledges this one.
/// </summary>
public enum Settlement
{
    /// <summary>Remove the message.</summary>
    Acknowledge,

    /// <summary>Remove the message, and deliver nothing more until the handler is ready.</summary>
    AcknowledgeAndPause,

    /// <summary>Move the message to the dead letters: it can never succeed.</summary>
    Reject,
}
