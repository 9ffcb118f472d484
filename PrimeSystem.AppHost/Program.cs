using PrimeSystem.AppHost;
using PrimeSystem.AppHost.Commands;
using PrimeSystem.AppHost.Extras;
using PrimeSystem.AppHost.Servers;

IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);

// PostgreSQL and RabbitMQ: in containers, your own, or none.
ServerChoice choice = await ServerChoice.MakeAsync(builder);
if (choice.Error is { } error)
{
    Console.Error.WriteLine(error);
    return 1;
}
if (choice.Reason is { } reason)
    Console.WriteLine(reason);
DataServers? servers = choice.Source switch
{
    ServerSource.Containers => builder.AddContainers(),
    ServerSource.ConnectionStrings => builder.AddConnectionStrings(),
    _ => null,
};

// Workers find the primes. Without servers, the api finds them itself.
IResourceBuilder<ProjectResource>? worker = servers is null ? null : builder.AddProject<Projects.PrimeSystem_Worker>("worker", launchProfileName: null)
    .AsService()
    .WithServers(servers)
    .WithReplicas(3)
    .WithIconName("Calculator")
    .WithUrlForEndpoint(Services.Http, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);

IResourceBuilder<ProjectResource> api = builder.AddProject<Projects.PrimeSystem_Api>("api", launchProfileName: null)
    .AsService(port: 8000)
    .WithServers(servers)
    .WithExternalHttpEndpoints()
    .WithIconName("Globe")
    .WithUrlForEndpoint(Services.Http, url => url.DisplayText = "Web page")
    .WithUrlForEndpoint(Services.Http, _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API reference" })
    .WithUrlForEndpoint(Services.Http, _ => new ResourceUrlAnnotation { Url = "/health", DisplayText = "Health", DisplayLocation = UrlDisplayLocation.DetailsOnly })
    .WithRequestCommand()
    .WithClearCommand();

// Extras, each off until it is asked for.
bool runs = builder.ExecutionContext.IsRunMode;
if (builder.Wants(Extra.Redis))
    api.WithRedis();
if (runs && builder.Wants(Extra.Keycloak))
    api.WithKeycloak();
if (runs && builder.Wants(Extra.Monitoring))
    builder.AddMonitoring([api, .. worker is null ? [] : new[] { worker }]);

await builder.Build().RunAsync();
return 0;
