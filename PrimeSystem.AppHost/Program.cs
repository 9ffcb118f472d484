using PrimeSystem.AppHost;
using PrimeSystem.AppHost.Extras;

IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);

IResourceBuilder<ParameterResource> databaseUser = builder.AddParameter("pg-user", "primes");
IResourceBuilder<ParameterResource> databasePassword = builder.AddPassword("pg-password");
IResourceBuilder<ParameterResource> brokerUser = builder.AddParameter("mq-user", "primes");
IResourceBuilder<ParameterResource> brokerPassword = builder.AddPassword("mq-password");

IResourceBuilder<PostgresServerResource> postgres = builder.AddPostgres("postgres", databaseUser, databasePassword)
    .WithDataVolume("primes-pgdata");
IResourceBuilder<PostgresDatabaseResource> primes = postgres.AddDatabase("primes");

IResourceBuilder<RabbitMQServerResource> rabbitmq = builder.AddRabbitMQ("rabbitmq", brokerUser, brokerPassword)
    .WithDataVolume("primes-mqdata")
    .WithManagementPlugin()
    .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
IResourceBuilder<ConnectionStringResource> messaging = builder.AddMessaging("messaging", rabbitmq, brokerUser, brokerPassword);

IResourceBuilder<ProjectResource> worker = builder.AddProject<Projects.PrimeSystem_Worker>("worker", launchProfileName: null)
    .AsService()
    .WithReference(primes).WaitFor(primes)
    .WithReference(messaging).WaitFor(rabbitmq)
    .WithReplicas(3)
    .WithUrlForEndpoint(Service.Http, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);

IResourceBuilder<ProjectResource> api = builder.AddProject<Projects.PrimeSystem_Api>("api", launchProfileName: null)
    .AsService(port: 8000)
    .WithExternalHttpEndpoints()
    .WithReference(primes).WaitFor(primes)
    .WithReference(messaging).WaitFor(rabbitmq)
    .WithUrlForEndpoint(Service.Http, url => url.DisplayText = "Web page")
    .WithUrlForEndpoint(Service.Http, _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API reference" })
    .WithRequestCommand();

// Extras, each off until it is asked for.
bool runs = builder.ExecutionContext.IsRunMode;
if (builder.Wants(Extra.Redis))
    api.WithRedis();
if (runs && builder.Wants(Extra.Keycloak))
    api.WithKeycloak();
if (runs && builder.Wants(Extra.Monitoring))
    builder.AddMonitoring(api, worker);

builder.Build().Run();
