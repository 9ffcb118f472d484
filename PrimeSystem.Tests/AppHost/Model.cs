using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The AppHost's model, composed and not started: that needs no container runtime.</summary>
internal sealed class Model : IAsyncDisposable
{
    /// <summary>What makes the AppHost publish instead of run.</summary>
    public static readonly string[] Publish = ["--operation", "publish", "--step", "publish-manifest"];

    /// <summary>Containers for PostgreSQL and RabbitMQ, whether or not anything runs containers here.</summary>
    public const string Containers = "--Servers=Containers";

    // What is not up yet fails its checks, each with a stack trace.
    private const string Quiet = "--Logging:Console:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks=None";

    private readonly IDistributedApplicationTestingBuilder _builder;

    private Model(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    public IEnumerable<IResource> Resources => _builder.Resources;

    public static async Task<Model> CreateAsync(params string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.PrimeSystem_AppHost>([Quiet, .. arguments], TestContext.Current.CancellationToken));

    public IResource this[string name] => Get<IResource>(name);

    public T Get<T>(string name)
        where T : IResource => Assert.IsType<T>(Assert.Single(Resources, resource => resource.Name == name), exactMatch: false);

    public IEnumerable<string> Names<T>()
        where T : IResource => Resources.OfType<T>().Select(resource => resource.Name).Order(StringComparer.Ordinal);

    /// <summary>A resource's environment; references are expressions, as they would be published.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> EnvironmentAsync(string name)
    {
        var context = new EnvironmentCallbackContext(_builder.ExecutionContext, this[name], cancellationToken: TestContext.Current.CancellationToken);
        foreach (EnvironmentCallbackAnnotation annotation in this[name].Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key,
            variable => variable.Value is IManifestExpressionProvider reference ? reference.ValueExpression : variable.Value.ToString());
    }

    /// <summary>The links that the dashboard shows for a resource with one endpoint at <c>http://localhost:1234</c>.</summary>
    public async Task<IReadOnlyList<ResourceUrlAnnotation>> LinksAsync(string name, string endpoint)
    {
        var resource = Get<IResourceWithEndpoints>(name);
        var context = new ResourceUrlsCallbackContext(
            _builder.ExecutionContext,
            resource,
            [new ResourceUrlAnnotation { Url = "http://localhost:1234", Endpoint = new EndpointReference(resource, endpoint) }],
            TestContext.Current.CancellationToken);
        foreach (ResourceUrlsCallbackAnnotation annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await annotation.Callback(context);
        return context.Urls;
    }

    /// <summary>Adds to the environment of a resource.</summary>
    public void SetEnvironment(string name, IReadOnlyDictionary<string, string?> variables)
    {
        IResourceBuilder<ProjectResource> resource = _builder.CreateResourceBuilder<ProjectResource>(name);
        foreach ((string variable, string? value) in variables)
            resource.WithEnvironment(variable, value);
    }

    /// <summary>The application. Once it is built it also starts, or publishes: the AppHost goes on to its last line.</summary>
    public Task<DistributedApplication> BuildAsync() => _builder.BuildAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _builder.DisposeAsync();
}
