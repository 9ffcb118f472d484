namespace PrimeSystem.Tests.Requests;

/// <summary>Tests of the store that run on PostgreSQL and on SQLite, in a derived type for each.</summary>
public abstract class TestsOnEachDatabase : IAsyncLifetime
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected StoreUnderTest Under { get; private set; } = null!;

    internal abstract Task<StoreUnderTest> OpenAsync();

    public async ValueTask InitializeAsync() => Under = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Under.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
