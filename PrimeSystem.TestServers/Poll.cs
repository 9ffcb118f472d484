namespace PrimeSystem.TestServers;

/// <summary>Waits for something that another thread or process brings about.</summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="expectation">The condition in words, for the message.</param>
    /// <param name="state">What holds instead, for the message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, TimeSpan within, string expectation, Func<string>? state = null, CancellationToken cancellationToken = default)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > within)
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {expectation}. {state?.Invoke()}");
            await Task.Delay(Interval, cancellationToken);
        }
    }
}
