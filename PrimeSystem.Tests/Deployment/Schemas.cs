using System.Text.Json;
using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>The published schemas of Kubernetes, KEDA, Compose and GitHub's workflows.</summary>
internal static class Schemas
{
    /// <returns>What is wrong with the objects: wrong types, missing fields, fields that there are none of.</returns>
    public static Task<string[]> CheckKubernetesAsync(IEnumerable<JsonObject> objects) => CheckAsync("kubernetes", objects);

    /// <inheritdoc cref="CheckKubernetesAsync"/>
    public static Task<string[]> CheckComposeAsync(JsonObject compose) => CheckAsync("compose", [compose]);

    /// <summary>Throws with what is wrong with a workflow.</summary>
    public static async Task CheckWorkflowAsync(string file)
    {
        string packages = await NpmPackages.InstallAsync(nameof(Schemas));
        await ChildProcess.RunAsync("node", [Path.Combine(packages, "node_modules", "@action-validator", "cli", "cli.mjs"), file]);
    }

    private static async Task<string[]> CheckAsync(string kind, IEnumerable<JsonObject> documents)
    {
        string packages = await NpmPackages.InstallAsync(nameof(Schemas));
        string file = Path.GetTempFileName();
        try
        {
            var input = new JsonObject { ["kind"] = kind, ["documents"] = new JsonArray([.. documents.Select(document => document.DeepClone())]) };
            await File.WriteAllTextAsync(file, input.ToJsonString(), TestContext.Current.CancellationToken);
            return JsonSerializer.Deserialize<string[]>(await ChildProcess.RunAsync("node", [Path.Combine(packages, "validate.mjs"), file]))!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
