namespace PrimeSystem.AppHost.Servers;

/// <summary>Where PostgreSQL and RabbitMQ come from. The names are the values of the setting <c>Servers</c>.</summary>
internal enum ServerSource
{
    /// <summary>They run already; connection strings name them.</summary>
    ConnectionStrings,

    /// <summary>Aspire starts them in containers.</summary>
    Containers,

    /// <summary>There are none: the api is standalone.</summary>
    None,
}
