namespace PrimeSystem.Cli.Remote;

/// <summary>
/// Waits between calls to a server that does not answer: as long as the server says, or from 100 ms, doubling up to 5 s, with jitter. It gives up when
/// the server has not answered for too long.
/// </summary>
internal sealed class RetryPolicy(string server, TimeSpan limit, Action<string> say)
{
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    private TimeSpan _next = MinDelay;
    private long? _since;

    /// <summary>Resets the delays, since the server has answered.</summary>
    public void Reset() => (_next, _since) = (MinDelay, null);

    /// <summary>Waits for the next try.</summary>
    /// <param name="reason">What went wrong.</param>
    /// <param name="retryAfter">The delay that the server asked for, if any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CommandFailure">The server has not answered for too long.</exception>
    public async Task WaitAsync(string reason, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        bool isFirst = _since is null;
        _since ??= TimeProvider.System.GetTimestamp();
        TimeSpan delay = retryAfter ?? _next * (0.8 + 0.4 * Random.Shared.NextDouble());
        _next = _next * 2 < MaxDelay ? _next * 2 : MaxDelay;
        if (TimeProvider.System.GetElapsedTime(_since.Value) + delay > limit)
            throw new CommandFailure($"{server} does not answer ({reason}).", ExitCode.Server);
        if (isFirst)
            say($"{server} does not answer ({reason}). Retrying for {Words.Duration(limit)}.");
        await Task.Delay(delay, cancellationToken);
    }
}
