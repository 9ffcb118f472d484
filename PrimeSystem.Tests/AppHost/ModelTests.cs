using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The architecture that the AppHost composes.</summary>
public sealed class ModelTests
{
    [Fact]
    public async Task The_system_is_a_database_a_broker_an_api_and_workers()
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal(["postgres", "rabbitmq"], model.Names<ContainerResource>());
        Assert.Equal(["api", "worker"], model.Names<ProjectResource>());
        Assert.Equal(["messaging"], model.Names<ConnectionStringResource>());
        Assert.Equal(["mq-password", "mq-user", "pg-password", "pg-user"], model.Names<ParameterResource>());
        var database = model.Get<PostgresDatabaseResource>("primes");
        Assert.Equal("postgres", database.Parent.Name);
        Assert.Equal("primes", database.DatabaseName);
    }

    [Theory]
    [InlineData("postgres", "docker.io/library/postgres:", "primes-pgdata", "/var/lib/postgresql")]
    [InlineData("rabbitmq", "docker.io/library/rabbitmq:", "primes-mqdata", "/var/lib/rabbitmq")]
    public async Task Data_outlives_the_containers(string name, string image, string volume, string target)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);
        IResource container = model[name];

        Assert.True(container.TryGetContainerImageName(out string? imageName));
        Assert.StartsWith(image, imageName, StringComparison.Ordinal);
        ContainerMountAnnotation mount = Assert.Single(container.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((ContainerMountType.Volume, volume, target, false), (mount.Type, mount.Source, mount.Target, mount.IsReadOnly));
    }

    [Theory]
    [InlineData("pg-password")]
    [InlineData("mq-password")]
    public async Task Passwords_are_generated_secrets_that_fit_into_a_uri(string name)
    {
        await using Model published = await Model.CreateAsync(Model.Publish);
        ParameterResource parameter = published.Get<ParameterResource>(name);

        Assert.True(parameter.Secret);
        var generated = Assert.IsType<GenerateParameterDefault>(parameter.Default);
        Assert.True(generated.MinLength >= 24);
        Assert.Matches("^[A-Za-z0-9]{24,}$", generated.GetDefaultValue());
    }

    [Theory]
    [InlineData("pg-password")]
    [InlineData("mq-password")]
    public async Task Passwords_stay_the_same_from_run_to_run_since_the_data_does(string name)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal("UserSecretsParameterDefault", model.Get<ParameterResource>(name).Default?.GetType().Name);
    }

    [Fact]
    public async Task There_are_three_workers_and_each_replica_may_choose_its_port()
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal(3, model["worker"].GetReplicaCount());
        EndpointAnnotation endpoint = Assert.Single(model["worker"].Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", null, null), (endpoint.UriScheme, endpoint.Port, endpoint.TargetPort));
    }

    [Fact]
    public async Task Only_the_api_is_reachable_from_outside_and_only_by_one_address()
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        (string Resource, EndpointAnnotation Endpoint) external = Assert.Single(
            from resource in model.Resources
            from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
            where endpoint.IsExternal
            select (resource.Name, endpoint));
        Assert.Equal(("api", "http", 8000), (external.Resource, external.Endpoint.UriScheme, external.Endpoint.Port));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task Published_services_listen_on_8080(string name)
    {
        await using Model model = await Model.CreateAsync(Model.Publish);

        Assert.Equal(8080, Assert.Single(model[name].Annotations.OfType<EndpointAnnotation>()).TargetPort);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task Services_wait_until_database_and_broker_are_healthy(string name)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal(
            ["postgres", "primes", "rabbitmq"],
            from wait in model[name].Annotations.OfType<WaitAnnotation>()
            where wait.WaitType == WaitType.WaitUntilHealthy
            orderby wait.Resource.Name
            select wait.Resource.Name);
    }

    [Theory]
    [InlineData("api", "/health", "/alive")]
    [InlineData("worker", "/health", "/alive")]
    [InlineData("postgres", "postgres_check")]
    [InlineData("primes", "primes_check")]
    [InlineData("rabbitmq", "rabbitmq_check")]
    public async Task Every_part_is_asked_how_it_is(string name, params string[] checks)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        string[] keys = [.. model[name].Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key)];
        Assert.Equal(checks.Length, keys.Length);
        Assert.All(checks, check => Assert.Contains(keys, key => key.Contains(check, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task Published_services_get_two_connection_strings_and_no_credentials_besides(string name)
    {
        await using Model model = await Model.CreateAsync(Model.Publish);

        IReadOnlyDictionary<string, string?> environment = await model.EnvironmentAsync(name);
        Assert.Equal("{primes.connectionString}", environment["ConnectionStrings__primes"]);
        Assert.Equal("{messaging.connectionString}", environment["ConnectionStrings__messaging"]);
        Assert.Equal(
            ["ConnectionStrings__messaging", "ConnectionStrings__primes", "HTTP_PORTS", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"],
            environment.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task Services_that_run_here_run_as_the_AppHost_does(string name)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal("Development", (await model.EnvironmentAsync(name))["ASPNETCORE_ENVIRONMENT"]);
    }

    [Fact]
    public async Task The_brokers_connection_string_needs_no_encoding_of_its_credentials()
    {
        await using Model model = await Model.CreateAsync(Model.Publish);

        ReferenceExpression connectionString = model.Get<ConnectionStringResource>("messaging").ConnectionStringExpression;
        Assert.Equal("amqp://{mq-user.value}:{mq-password.value}@{rabbitmq.bindings.tcp.host}:{rabbitmq.bindings.tcp.port}", connectionString.ValueExpression);
        Assert.All(connectionString.StringFormats, Assert.Null);
    }

    [Theory]
    [InlineData("api", "http", "Web page", "http://localhost:1234")]
    [InlineData("api", "http", "API reference", "/docs")]
    [InlineData("rabbitmq", "management", "RabbitMQ management", "http://localhost:1234")]
    public async Task The_dashboard_links_by_readable_names(string name, string endpoint, string text, string url)
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Single(await model.LinksAsync(name, endpoint), link => link.DisplayText == text && link.Url == url);
    }

    [Fact]
    public async Task The_dashboard_does_not_advertise_the_workers_probes()
    {
        await using Model model = await Model.CreateAsync(Model.Containers);

        Assert.Equal(UrlDisplayLocation.DetailsOnly, Assert.Single(await model.LinksAsync("worker", "http")).DisplayLocation);
    }
}
