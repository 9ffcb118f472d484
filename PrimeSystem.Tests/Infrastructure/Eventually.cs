namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Waits for what another thread or process brings about.</summary>
internal static class Eventually
{
    /// <summary>Polls a condition; fails when it does not come true in time.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, string because)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > within)
                Assert.Fail($"Within {within.TotalSeconds:0.#} s it did not come to be that {because}.");
            await Task.Delay(50, cancellationToken);
        }
    }
}
