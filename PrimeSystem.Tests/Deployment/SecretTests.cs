using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PrimeSystem.Tests.Deployment;

/// <summary>Credentials are in Secrets, and Secrets are not in the repository.</summary>
public sealed partial class SecretTests
{
    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task No_object_holds_a_credential(string name) => AssertNoCredentials(await Overlay.BuildAsync(name));

    [Fact]
    public async Task The_base_holds_no_credential() => AssertNoCredentials(await Overlay.BuildBaseAsync());

    [Theory]
    [InlineData("RABBITMQ_DEFAULT_PASS", "x", true)]
    [InlineData("ConnectionStrings__primes", "Host=postgres;Username=primes;Password=x;Database=primes", true)]
    [InlineData("ConnectionStrings__messaging", "amqp://primes:x@rabbitmq:5672", true)]
    [InlineData("ConnectionStrings__primes", "Host=postgres;Username=primes;Password=;Database=primes", false)]
    [InlineData("ConnectionStrings__messaging", "amqp://primes:@rabbitmq:5672", false)]
    [InlineData("POSTGRES_USER", "primes", false)]
    public void A_credential_is_known_when_seen(string key, string value, bool expected) => Assert.Equal(expected, IsCredential(key, value));

    [Theory]
    [InlineData("production")]
    [InlineData("local")]
    public async Task The_script_prints_the_Secrets_that_are_asked_for_and_no_other(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        IEnumerable<string> asked = overlay.Workloads
            .SelectMany(workload => workload.Pod().AllContainers())
            .SelectMany(container => container.Items("envFrom"))
            .Select(source => source.At("secretRef.name")?.ToString())
            .Concat(overlay.OfKind("TriggerAuthentication").SelectMany(o => o.Items("spec.secretTargetRef")).Select(reference => reference["name"]?.ToString()))
            .OfType<string>()
            .Distinct();
        IReadOnlyList<JsonObject> printed = await DeploymentSecrets.PrintAsync();
        // The local overlay has no autoscaler, whose Secret is then one too many.
        Assert.Equal(
            asked.Order(), printed.Select(secret => secret.Name()).Where(secret => name != "local" || secret != "queue-metrics").Order());
        Assert.All(
            overlay.OfKind("TriggerAuthentication").SelectMany(o => o.Items("spec.secretTargetRef")),
            reference =>
            {
                JsonObject secret = printed.Single(secret => secret.Name() == reference["name"]!.ToString());
                Assert.NotNull(secret["stringData"]![reference["key"]!.ToString()]);
            });
        Assert.Empty(await Schemas.CheckKubernetesAsync(printed));
    }

    [Fact]
    public async Task Passwords_are_new_each_time_and_fit_into_a_URL()
    {
        string[] first = await PasswordsAsync();
        string[] second = await PasswordsAsync();
        Assert.Equal(3, first.Distinct().Count());
        Assert.Empty(first.Intersect(second));
        Assert.All(first, password => Assert.Matches("^[0-9a-f]{48}$", password));

        static async Task<string[]> PasswordsAsync() => [.. (await DeploymentSecrets.PrintAsync())
            .SelectMany(secret => secret["stringData"]!.AsObject())
            .Where(entry => entry.Key.Contains("PASS", StringComparison.Ordinal))
            .Select(entry => entry.Value!.ToString())];
    }

    private static void AssertNoCredentials(Overlay overlay)
    {
        Assert.Empty(overlay.OfKind("Secret"));
        Assert.All(
            overlay.OfKind("ConfigMap").SelectMany(map => map["data"]!.AsObject()),
            entry => Assert.False(IsCredential(entry.Key, entry.Value!.ToString()), $"{entry.Key} holds a credential."));
        Assert.DoesNotContain(overlay.Workloads.SelectMany(workload => workload.Pod().AllContainers()), container => container.ContainsKey("env"));
    }

    private static bool IsCredential(string key, string value) =>
        (SecretName.IsMatch(key) && value.Length > 0) || (!key.EndsWith(".sh", StringComparison.Ordinal) && SecretValue.IsMatch(value));

    [GeneratedRegex("pass|secret|token|cookie", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName { get; }

    [GeneratedRegex("password=[^;]|://[^/@]*:[^/@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue { get; }
}
