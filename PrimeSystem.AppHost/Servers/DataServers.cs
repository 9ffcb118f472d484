namespace PrimeSystem.AppHost.Servers;

/// <summary>The database and the broker of the system.</summary>
/// <param name="Primes">The database.</param>
/// <param name="Messaging">The broker.</param>
/// <param name="Started">What starts here and must be healthy before a service starts.</param>
internal sealed record DataServers(
    IResourceBuilder<IResourceWithConnectionString> Primes, IResourceBuilder<IResourceWithConnectionString> Messaging,
    IReadOnlyList<IResourceBuilder<IResource>> Started)
{
    /// <summary>Name of the connection string of PostgreSQL.</summary>
    public const string Database = "primes";

    /// <summary>Name of the connection string of RabbitMQ.</summary>
    public const string Broker = "messaging";
}
