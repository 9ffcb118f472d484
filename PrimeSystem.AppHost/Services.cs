using System.Reflection;
using PrimeSystem.AppHost.Servers;

namespace PrimeSystem.AppHost;

/// <summary>What Api and Worker have in common.</summary>
internal static class Services
{
    /// <summary>Name of the endpoint that serves requests, probes and metrics.</summary>
    public const string Http = "http";

    /// <summary>The port within a container.</summary>
    private const int ContainerPort = 8080;

    /// <summary>Adds endpoint, health checks and environment of a service.</summary>
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
            // The services read connection strings only; user names and passwords need no variables of their own.
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString | ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
            // No service serves HTTPS by itself, so no certificate is needed, and the dashboard does not complain that there is none.
            .WithoutHttpsCertificate()
            // Each service has a setting for trusted proxies; the one that Aspire would publish trusts everybody.
            .DisableForwardedHeaders();
        if (runs)
            service.WithEnvironment("ASPNETCORE_ENVIRONMENT", service.ApplicationBuilder.Environment.EnvironmentName).StartingProgram();
        return service;
    }

    /// <summary>Connects a service to its servers, and lets it wait for those that start here. Without servers it is standalone and shares the data of <c>./run</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithServers(this IResourceBuilder<ProjectResource> service, DataServers? servers)
    {
        if (servers is null)
            return service.WithEnvironment("Data__Folder", Path.GetFullPath("../data", service.ApplicationBuilder.AppHostDirectory));
        service.WithReference(servers.Primes).WithReference(servers.Messaging);
        foreach (IResourceBuilder<IResource> started in servers.Started)
            service.WaitFor(started);
        return service;
    }

    /// <summary>
    /// Starts the program that was built with the AppHost instead of <c>dotnet run</c>: the process that the dashboard shows is the service itself, and a
    /// killed one leaves no child behind. An IDE starts its debugger instead.
    /// </summary>
    private static void StartingProgram(this IResourceBuilder<ProjectResource> service)
    {
        if (service.ApplicationBuilder.Configuration["DEBUG_SESSION_PORT"] is not null)
            return;
        string project = service.Resource.GetProjectMetadata().ProjectPath;
        string folder = Path.GetDirectoryName(project)!;
        string configuration = typeof(Services).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string extension = OperatingSystem.IsWindows() ? ".exe" : "";
        service.WithAnnotation(new ExecutableAnnotation
        {
            Command = Path.Combine(folder, "bin", configuration, $"net{Environment.Version.Major}.0", Path.GetFileNameWithoutExtension(project) + extension),
            WorkingDirectory = folder,
        });
    }
}
