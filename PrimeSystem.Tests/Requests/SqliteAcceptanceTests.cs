namespace PrimeSystem.Tests.Requests;

/// <summary>Acceptance on SQLite.</summary>
public sealed class SqliteAcceptanceTests : AcceptanceTests
{
    internal override Task<StoreUnderTest> OpenAsync() => SqliteStoreTests.OpenStoreAsync();
}
