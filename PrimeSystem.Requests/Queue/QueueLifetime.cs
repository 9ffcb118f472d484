namespace PrimeSystem.Requests.Queue;

/// <summary>Whether messages outlive the process that published them.</summary>
internal enum QueueLifetime
{
    /// <summary>They are lost with it: every unfinished request counts as undispatched when the process starts.</summary>
    Process,

    /// <summary>They do.</summary>
    Durable,
}
