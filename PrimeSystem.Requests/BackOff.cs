namespace PrimeSystem.Requests;

/// <summary>The pauses between tries at something that is out of reach: from 100 ms doubling to 5 s, without end, with jitter.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _next = TimeSpan.FromMilliseconds(100);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _next * (0.8 + 0.4 * Random.Shared.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken);
    }
}
