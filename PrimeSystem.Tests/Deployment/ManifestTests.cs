using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>
/// <c>k8s/base</c> is what aspirate makes of <c>aspire-manifest.json</c>, without the passwords: whoever changes the one has to make the other anew.
/// </summary>
public sealed class ManifestTests
{
    private static JsonObject Resources { get; } =
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("aspire-manifest.json")))!["resources"]!.AsObject();

    [Fact]
    public async Task The_base_runs_what_the_manifest_has()
    {
        Overlay built = await Overlay.BuildBaseAsync();
        Assert.Equal(Deployed.Select(resource => resource.Key).Order(), built.Workloads.Select(workload => workload.Name()).Order());
        foreach ((string name, JsonObject resource) in Deployed)
        {
            JsonObject workload = built.Workloads.Single(workload => workload.Name() == name);
            JsonObject container = workload.Container();
            if (resource["image"] is { } image)
                Assert.Equal(image.ToString(), container["image"]!.ToString());
            Assert.Equal(
                resource["bindings"]!.AsObject().Select(binding => binding.Value!["targetPort"]!.ToString()),
                container.Items("ports").Select(port => port["containerPort"]!.ToString()));
            Assert.Equal(
                resource.Items("volumes").Select(volume => $"{volume["name"]} {volume["target"]}"),
                container.Items("volumeMounts").Select(mount => $"{mount["name"]} {mount["mountPath"]}"));
            Assert.Equal(
                resource["bindings"]!.AsObject().Select(binding => (binding.Value!["port"] ?? binding.Value["targetPort"])!.ToString()),
                built.Get("Service", name).Items("spec.ports").Select(port => port["port"]!.ToString()));
        }
    }

    [Fact]
    public async Task The_base_has_the_manifest_s_environment_but_for_passwords()
    {
        Overlay built = await Overlay.BuildBaseAsync();
        foreach ((string name, JsonObject resource) in Deployed)
        {
            Dictionary<string, string> expected = resource["env"]!.AsObject()
                .Select(variable => (variable.Key, Value: Resolve(variable.Value!.ToString())))
                .Where(variable => variable.Value.Length > 0)
                .ToDictionary();
            // What aspirate adds to every project.
            if (resource["type"]!.ToString() == "project.v0")
                expected["ASPNETCORE_URLS"] = "http://+:8080;";
            Assert.Equal(
                expected.OrderBy(entry => entry.Key),
                built.Settings(built.Workloads.Single(workload => workload.Name() == name).Container()).OrderBy(entry => entry.Key));
        }
    }

    [Fact]
    public void Nothing_is_left_to_be_filled_in() => Assert.All(
        Directory.GetFiles(Repository.PathOf("k8s", "base"), "*", SearchOption.AllDirectories),
        file => Assert.DoesNotMatch(@"\{[a-z-]+\.", File.ReadAllText(file)));

    private static IEnumerable<(string Key, JsonObject Value)> Deployed => Resources
        .Select(resource => (resource.Key, resource.Value!.AsObject()))
        .Where(resource => resource.Item2["type"]!.ToString() is "project.v0" or "container.v0");

    /// <summary>An expression of the manifest, with the users "primes" and empty passwords.</summary>
    private static string Resolve(string expression)
    {
        int start = expression.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return expression;
        int end = expression.IndexOf('}', start);
        string[] path = expression[(start + 1)..end].Split('.');
        JsonNode resource = Resources[path[0]]!;
        string value = path switch
        {
            [_, "value"] => resource.At("inputs.value.secret") is null ? "primes" : "",
            [_, "connectionString"] => resource["connectionString"]!.ToString(),
            [var name, "bindings", _, "host"] => name,
            [_, "bindings", var binding, "port"] => (resource.At($"bindings.{binding}.port") ?? resource.At($"bindings.{binding}.targetPort"))!.ToString(),
            _ => resource.At(string.Join('.', path[1..]))!.ToString(),
        };
        return Resolve(expression[..start] + value + expression[(end + 1)..]);
    }
}
