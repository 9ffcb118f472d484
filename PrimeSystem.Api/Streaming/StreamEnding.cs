namespace PrimeSystem.Api.Streaming;

/// <summary>Why there are no more events.</summary>
internal enum StreamEnding
{
    /// <summary>The watcher has gone.</summary>
    Left,

    /// <summary>The request has ended, and the watcher has been told of all.</summary>
    Completed,

    /// <summary>The request was deleted.</summary>
    Deleted,

    /// <summary>The watcher's token has expired.</summary>
    Expired,

    /// <summary>The process stops.</summary>
    Stopping,
}
