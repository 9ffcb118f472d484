namespace PrimeSystem.Requests.Queue;

/// <summary>What is to become of a delivery. There is no "negative acknowledgement": brokers count those as failed deliveries.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>Done with; remove it.</summary>
    public sealed record Acknowledge : Settlement;

    /// <summary>It can never succeed; to the dead letters.</summary>
    public sealed record Reject : Settlement;

    /// <summary>Publish it again, then acknowledge this one: somebody else takes it, or this consumer does later.</summary>
    /// <param name="Again">The delivery as it is to be seen the next time.</param>
    /// <param name="Pause">Take nothing until the handler is ready again.</param>
    public sealed record HandBack(Delivery Again, bool Pause = false) : Settlement;
}
