namespace PrimeSystem.AppHost.Servers;

/// <summary>Adds the servers to the model.</summary>
internal static class ServerResources
{
    /// <summary>PostgreSQL and RabbitMQ in containers, with volumes that outlive a run.</summary>
    public static DataServers AddContainers(this IDistributedApplicationBuilder builder)
    {
        IResourceBuilder<ParameterResource> databaseUser = builder.AddParameter("pg-user", "primes");
        IResourceBuilder<ParameterResource> databasePassword = builder.AddPassword("pg-password");
        IResourceBuilder<ParameterResource> brokerUser = builder.AddParameter("mq-user", "primes");
        IResourceBuilder<ParameterResource> brokerPassword = builder.AddPassword("mq-password");

        IResourceBuilder<PostgresServerResource> postgres = builder.AddPostgres("postgres", databaseUser, databasePassword)
            .WithDataVolume("primes-pgdata");
        IResourceBuilder<PostgresDatabaseResource> primes = postgres.AddDatabase(DataServers.Database);

        IResourceBuilder<RabbitMQServerResource> rabbitmq = builder.AddRabbitMQ("rabbitmq", brokerUser, brokerPassword)
            .WithDataVolume("primes-mqdata")
            .WithManagementPlugin()
            .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
        IResourceBuilder<ConnectionStringResource> messaging = builder.AddMessaging(DataServers.Broker, rabbitmq, brokerUser, brokerPassword);
        return new DataServers(primes, messaging, [primes, rabbitmq]);
    }

    /// <summary>Servers that run already. A service that does not reach them yet waits for them by itself.</summary>
    public static DataServers AddConnectionStrings(this IDistributedApplicationBuilder builder) =>
        new(builder.AddConnectionString(DataServers.Database), builder.AddConnectionString(DataServers.Broker), []);

    /// <summary>
    /// The connection to RabbitMQ under a name of its own. RabbitMQ's resource has one too, but encodes the credentials, which no tool that reads the
    /// manifest can follow; ours need no encoding.
    /// </summary>
    private static IResourceBuilder<ConnectionStringResource> AddMessaging(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<RabbitMQServerResource> broker, IResourceBuilder<ParameterResource> user, IResourceBuilder<ParameterResource> password) =>
        builder.AddConnectionString(name, ReferenceExpression.Create($"amqp://{user}:{password}@{broker.Resource.Host}:{broker.Resource.Port}"));
}
