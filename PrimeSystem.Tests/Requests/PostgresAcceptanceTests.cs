using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Requests;

/// <summary>Acceptance on PostgreSQL.</summary>
public sealed class PostgresAcceptanceTests(SharedServers servers) : AcceptanceTests
{
    internal override Task<StoreUnderTest> OpenAsync() => PostgresStoreTests.OpenStoreAsync(servers);
}
