namespace PrimeSystem.Cli.Remote;

/// <summary>
/// Waits between tries at a server that does not answer, from 100 ms doubling to 5 s with jitter, or as long as the server says; gives up when it has
/// not answered for too long.
/// </summary>
internal sealed class Patience(string server, TimeSpan limit, Action<string> say)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = Shortest;
    private long? _since;

    /// <summary>The server has answered.</summary>
    public void Restore() => (_next, _since) = (Shortest, null);

    /// <summary>Waits for the next try.</summary>
    /// <param name="reason">What went wrong.</param>
    /// <param name="retryAfter">When the server wants to be asked again, if it said so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailure">It was too long.</exception>
    public async Task WaitAsync(string reason, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        bool isFirst = _since is null;
        _since ??= TimeProvider.System.GetTimestamp();
        TimeSpan pause = retryAfter ?? _next * (0.8 + 0.4 * Random.Shared.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        if (TimeProvider.System.GetElapsedTime(_since.Value) + pause > limit)
            throw new CommandFailure($"{server} does not answer ({reason}).", ExitCode.Server);
        if (isFirst)
            say($"{server} does not answer ({reason}); trying again for {Words.Duration(limit)}.");
        await Task.Delay(pause, cancellationToken);
    }
}
