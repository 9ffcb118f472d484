using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>
/// Every variable that a service is given is a setting in docs/SETTINGS.md, and the settings there exist. (<see cref="RehearsalTests"/> show that a service is
/// given those that it needs.)
/// </summary>
public sealed partial class EnvironmentTests
{
    /// <summary>Variables that ASP.NET Core and the OpenTelemetry SDK read by themselves.</summary>
    private static readonly string[] OfTheFramework = ["HTTP_PORTS", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"];

    private static readonly string[] Documented =
    [
        .. from row in Row().Matches(File.ReadAllText(Repository.PathOf("docs", "SETTINGS.md")))
           from setting in Code().Matches(row.Groups[1].Value)
           select setting.Groups[1].Value,
    ];

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Pods_get_only_settings(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        IEnumerable<string> given = overlay.OfKind("Deployment")
            .SelectMany(service => service.Pod().AllContainers())
            .SelectMany(container => overlay.Settings(container).Keys);
        Assert.All(given, variable => Assert.True(IsSetting(variable), $"{variable} is no setting."));
    }

    [Fact]
    public async Task Secrets_hold_only_settings()
    {
        IEnumerable<string> given = (await DeploymentSecrets.PrintAsync())
            .Where(secret => secret.Name() is "service-connections" or "migration-connection")
            .SelectMany(secret => secret["stringData"]!.AsObject().Select(entry => entry.Key));
        Assert.All(given, variable => Assert.True(IsSetting(variable), $"{variable} is no setting."));
    }

    [Fact]
    public void Containers_of_Compose_get_only_settings()
    {
        JsonObject services = Yaml.ReadFile(Repository.PathOf("compose.yaml"))["services"]!.AsObject();
        IEnumerable<string> given = new[] { "api", "worker" }
            .SelectMany(service => services[service]!["environment"]!.AsObject().Select(variable => variable.Key));
        Assert.All(given, variable => Assert.True(IsSetting(variable), $"{variable} is no setting."));
    }

    [Theory]
    [InlineData("Flow__Window", true)]
    [InlineData("Flow__Windows", false)]
    [InlineData("Flows__Window", false)]
    [InlineData("ConnectionStrings__primes", true)]
    [InlineData("ConnectionStrings__prime", false)]
    public void A_variable_that_is_no_setting_is_found(string variable, bool expected) => Assert.Equal(expected, IsSetting(variable));

    [Fact]
    public void Settings_in_the_documentation_exist()
    {
        Dictionary<string, Type> options = new[] { typeof(RateLimitOptions).Assembly, typeof(PrimeRequest).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true })
            .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);
        string[][] bound = [.. Documented.Select(setting => setting.Split(':')).Where(parts => options.ContainsKey(string.Join(':', parts[..^1])))];

        Assert.True(bound.Length > 15, "The settings were not found in the documentation.");
        Assert.All(bound, parts => Assert.NotNull(options[string.Join(':', parts[..^1])].GetProperty(parts[^1])?.SetMethod));
    }

    private static bool IsSetting(string variable) => OfTheFramework.Contains(variable) || Documented.Contains(variable.Replace("__", ":", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (`[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
