namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Waits for what another thread or process brings about.</summary>
internal static class Eventually
{
    /// <summary>Polls a condition; fails when it does not come true in time.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="because">What it means that it came true.</param>
    /// <param name="state">What there is instead, for who reads of the failure.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, string because, Func<string>? state = null)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > within)
                Assert.Fail($"Within {within.TotalSeconds:0.#} s it did not come to be that {because}. {state?.Invoke()}");
            await Task.Delay(50, cancellationToken);
        }
    }
}
