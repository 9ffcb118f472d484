namespace PrimeSystem.Cli.Remote;

/// <summary>The server answers, but only that it wants to be asked again.</summary>
internal sealed class ServerBusyException(string message, TimeSpan? retryAfter) : Exception(message)
{
    /// <summary>After which time, if it said so; never negative.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter < TimeSpan.Zero ? TimeSpan.Zero : retryAfter;
}
