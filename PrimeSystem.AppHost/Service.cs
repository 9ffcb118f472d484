namespace PrimeSystem.AppHost;

/// <summary>What Api and Worker have in common.</summary>
internal static class Service
{
    /// <summary>Name of the endpoint that serves requests, probes and metrics.</summary>
    public const string Http = "http";

    /// <summary>The port within a container.</summary>
    private const int ContainerPort = 8080;

    /// <summary>Endpoint, health checks and environment of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Where the service is reached; without it, at any free port.</param>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> service, int? port = null)
    {
        bool runs = service.ApplicationBuilder.ExecutionContext.IsRunMode;
        service
            // Run here, every replica listens on a port of its own behind one proxy; Aspire refuses a fixed one for more than one replica.
            .WithHttpEndpoint(port, targetPort: runs ? null : ContainerPort, name: Http)
            .WithHttpHealthCheck("/health", endpointName: Http)
            .WithHttpHealthCheck("/alive", endpointName: Http)
            // A connection string is all that the services read; the user name and password it is made of need no variables of their own.
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString | ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
            // Which proxies are believed is the service's own setting; the one that Aspire would publish believes everybody.
            .DisableForwardedHeaders();
        if (runs)
            service.WithEnvironment("ASPNETCORE_ENVIRONMENT", service.ApplicationBuilder.Environment.EnvironmentName);
        return service;
    }
}
