using Microsoft.Extensions.Configuration;
using PrimeSystem.Requests.Hosting;

namespace PrimeSystem.Tests.Requests;

/// <summary>Configuration alone decides how the system runs.</summary>
public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", " ", true)]
    [InlineData("Host=db", "amqp://mq", false)]
    public void Both_connection_strings_mean_servers_and_neither_means_standalone(string? database, string? broker, bool standalone) =>
        Assert.Equal(standalone, Configure(database, broker).IsStandalone());

    [Theory]
    [InlineData("Host=db", null, "'messaging' is missing")]
    [InlineData(null, "amqp://mq", "'primes' is missing")]
    public void One_without_the_other_is_an_error_that_says_which_is_missing(string? database, string? broker, string message)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Configure(database, broker).IsStandalone());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configure(string? database, string? broker) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:primes"] = database, ["ConnectionStrings:messaging"] = broker })
        .Build();
}
