namespace PrimeSystem.AppHost;

/// <summary>Nobody is asked for a password, and none is written down in the project.</summary>
internal static class Credentials
{
    /// <summary>
    /// A generated secret. It is kept in the developer's user secrets, because the data volumes outlive a run and open with the password that they were
    /// made with. Letters and digits only: the broker's goes into a URI as it is.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 24, Special = false }, secret: true, persist: true);

    /// <summary>
    /// The connection to RabbitMQ under a name of its own. RabbitMQ's resource has one too, but encodes the credentials as it goes, which no tool that
    /// reads the manifest can follow; ours need no encoding.
    /// </summary>
    public static IResourceBuilder<ConnectionStringResource> AddMessaging(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<RabbitMQServerResource> broker, IResourceBuilder<ParameterResource> user, IResourceBuilder<ParameterResource> password) =>
        builder.AddConnectionString(name, ReferenceExpression.Create($"amqp://{user}:{password}@{broker.Resource.Host}:{broker.Resource.Port}"));
}
