namespace PrimeSystem.Requests.Queue;

/// <summary>Whether messages outlive the process that published them.</summary>
internal enum QueueLifetime
{
    /// <summary>Messages are lost with the process. When it starts, every unfinished request counts as undispatched.</summary>
    Process,

    /// <summary>Messages outlive the process.</summary>
    Durable,
}
