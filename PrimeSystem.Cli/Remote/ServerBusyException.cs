namespace PrimeSystem.Cli.Remote;

/// <summary>The server asks the client to retry later.</summary>
internal sealed class ServerBusyException(string message, TimeSpan? retryAfter) : Exception(message)
{
    /// <summary>When to retry; null when the server did not say so, never negative.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter < TimeSpan.Zero ? TimeSpan.Zero : retryAfter;
}
