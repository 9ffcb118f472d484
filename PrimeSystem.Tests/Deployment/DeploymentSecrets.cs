using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>What <c>k8s/secrets</c> prints.</summary>
internal static class DeploymentSecrets
{
    public static async Task<IReadOnlyList<JsonObject>> PrintAsync() => Yaml.Read(await ChildProcess.RunAsync(Repository.PathOf("k8s", "secrets"), []));
}
