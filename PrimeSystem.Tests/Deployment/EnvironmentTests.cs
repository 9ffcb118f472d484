using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>
/// Every variable that a service is given is one that it reads. (That it is given those which it needs is what <see cref="RehearsalTests"/> show.)
/// </summary>
public sealed class EnvironmentTests
{
    /// <summary>What ASP.NET Core and the OpenTelemetry SDK read by themselves.</summary>
    private static readonly string[] OfTheFramework = ["HTTP_PORTS", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"];

    private static readonly string[] Sources =
    [
        .. new[] { "PrimeSystem.Api", "PrimeSystem.Worker", "PrimeSystem.Requests", "PrimeSystem.ServiceDefaults" }
            .SelectMany(project => Directory.GetFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText),
    ];

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Pods_get_only_what_is_read(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        IEnumerable<string> given = overlay.OfKind("Deployment")
            .SelectMany(service => service.Pod().AllContainers())
            .SelectMany(container => overlay.Settings(container).Keys);
        Assert.All(given, variable => Assert.True(IsRead(variable), $"Nothing reads {variable}."));
    }

    [Fact]
    public async Task Secrets_hold_only_what_is_read()
    {
        IEnumerable<string> given = (await DeploymentSecrets.PrintAsync())
            .Where(secret => secret.Name() is "service-connections" or "migration-connection")
            .SelectMany(secret => secret["stringData"]!.AsObject().Select(entry => entry.Key));
        Assert.All(given, variable => Assert.True(IsRead(variable), $"Nothing reads {variable}."));
    }

    [Fact]
    public void Containers_of_Compose_get_only_what_is_read()
    {
        JsonObject services = Yaml.ReadFile(Repository.PathOf("compose.yaml"))["services"]!.AsObject();
        IEnumerable<string> given = new[] { "api", "worker" }
            .SelectMany(service => services[service]!["environment"]!.AsObject().Select(variable => variable.Key));
        Assert.All(given, variable => Assert.True(IsRead(variable), $"Nothing reads {variable}."));
    }

    [Theory]
    [InlineData("Flow__Window", true)]
    [InlineData("Flow__Windows", false)]
    [InlineData("Flows__Window", false)]
    [InlineData("Migrations__AtStartup", true)]
    [InlineData("ConnectionStrings__primes", true)]
    [InlineData("ConnectionStrings__prime", false)]
    public void A_variable_that_nobody_reads_is_found(string variable, bool expected) => Assert.Equal(expected, IsRead(variable));

    /// <summary>A section and a key of it stand in one source file: the section as a string, the key as a property that is bound or as a part of a string.</summary>
    private static bool IsRead(string variable)
    {
        if (OfTheFramework.Contains(variable))
            return true;
        if (variable.Split("__") is not [var section, var key])
            return false;
        if (section == "ConnectionStrings")
            return Sources.Any(source => Regex.IsMatch(source, $@"const string \w+ = ""{key}"""));
        string[] known = [.. Sources.Where(source => Regex.IsMatch(source, $@"""{section}[:""]"))];
        return known.Any(source => Regex.IsMatch(source, $@"(public [\w?]+ {key} \{{)|(:{key}"")"));
    }
}
