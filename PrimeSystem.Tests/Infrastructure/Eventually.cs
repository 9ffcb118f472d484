using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Waits, as long as its test may run, for something that another thread or process brings about.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until a condition holds; fails when it does not hold in time.</summary>
    /// <inheritdoc cref="Poll.UntilAsync"/>
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, string expectation, Func<string>? state = null) =>
        Poll.UntilAsync(condition, within, expectation, state, TestContext.Current.CancellationToken);
}
