namespace PrimeSystem.Api.Streaming;

/// <summary>Why a stream ended.</summary>
internal enum StreamEnding
{
    /// <summary>The client disconnected.</summary>
    Disconnected,

    /// <summary>The request has ended, and all its primes were sent.</summary>
    Completed,

    /// <summary>The request was deleted.</summary>
    Deleted,

    /// <summary>The client's token expired.</summary>
    Expired,

    /// <summary>The process is stopping.</summary>
    Stopping,
}
