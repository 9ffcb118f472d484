using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests;

/// <summary>The pauses between tries at something that is out of reach: from 100 ms doubling to 5 s, without end, with jitter.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan WhileStopping = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _next = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries to publish until the queue takes it.</summary>
    /// <param name="publish">The try.</param>
    /// <param name="within">How long to try.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">The process stops, and has no time to wait for a broker that takes no messages.</param>
    /// <param name="abandoned">It is no longer up to this process.</param>
    /// <returns>Whether it was taken in time.</returns>
    public static async Task<bool> UntilTakenAsync(
        Func<CancellationToken, Task> publish, TimeSpan within, TimeProvider time, CancellationToken stopping, CancellationToken abandoned)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        limit.CancelAfter(within);
        await using CancellationTokenRegistration hurry = stopping.Register(() => limit.CancelAfter(WhileStopping));
        var backOff = new BackOff(time);
        try
        {
            while (true)
            {
                try
                {
                    await publish(limit.Token);
                    return true;
                }
                catch (QueueUnavailableException)
                {
                    await backOff.WaitAsync(limit.Token);
                }
            }
        }
        catch (Exception) when (limit.IsCancellationRequested && !abandoned.IsCancellationRequested)
        {
            return false;
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _next * (0.8 + 0.4 * Random.Shared.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken);
    }
}
