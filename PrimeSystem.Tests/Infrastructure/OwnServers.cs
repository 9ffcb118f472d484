using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Servers of a test's own, which it may kill. Where a server is not installed, the test that asks for one is skipped.</summary>
internal static class OwnServers
{
    public static Task<PostgresServer> StartPostgresAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, Reason("PostgreSQL"));
        return PostgresServer.StartAsync();
    }

    public static Task<RabbitMqServer> StartRabbitMqAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, Reason("RabbitMQ"));
        return RabbitMqServer.StartAsync();
    }

    public static Task<RedisServer> StartRedisAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, Reason("Redis"));
        return RedisServer.StartAsync();
    }

    private static string Reason(string server) => $"{server} is not installed here, and this test needs one of its own.";
}
