using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>What <c>kubectl apply -k</c> of a folder would send to a cluster.</summary>
internal sealed class Overlay(IReadOnlyList<JsonObject> objects)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Overlay>>> Built = new();

    /// <summary>The lines of production's kustomization that its comments offer to exchange, and for what.</summary>
    private static readonly (string Line, string Instead)[] Alternatives =
    [
        ("- ../../components/ingress  ", "- ../../components/load-balancer  "),
        ("- ../../components/worker-keda  ", "- ../../components/worker-hpa  "),
        ("# - ../../components/managed-postgres", "- ../../components/managed-postgres"),
        ("# - ../../components/managed-rabbitmq", "- ../../components/managed-rabbitmq"),
    ];

    public static readonly TheoryData<string> All = ["production", "local", "alternatives"];

    public IReadOnlyList<JsonObject> Objects { get; } = objects;

    /// <summary>Deployments and StatefulSets.</summary>
    public IEnumerable<JsonObject> Workloads => OfKind("Deployment", "StatefulSet");

    /// <param name="name">An overlay, or <c>alternatives</c>: production with everything that it offers to exchange exchanged.</param>
    public static Task<Overlay> BuildAsync(string name) => Built.GetOrAdd(name, _ => new(() => name == "alternatives"
        ? BuildChangedAsync(production =>
        {
            string kustomization = Path.Combine(production, "kustomization.yaml");
            string text = File.ReadAllText(kustomization);
            foreach ((string line, string instead) in Alternatives)
            {
                Assert.Contains(line, text, StringComparison.Ordinal);
                text = text.Replace(line, instead, StringComparison.Ordinal);
            }
            File.WriteAllText(kustomization, text);
        })
        : BuildFolderAsync(Repository.PathOf("k8s", "overlays", name)))).Value;

    public static Task<Overlay> BuildBaseAsync() => BuildFolderAsync(Repository.PathOf("k8s", "base"));

    /// <summary>Production as somebody edits it.</summary>
    public static async Task<Overlay> BuildChangedAsync(Action<string> edit)
    {
        string copy = Directory.CreateTempSubdirectory("primes-k8s-").FullName;
        try
        {
            string source = Repository.PathOf("k8s");
            foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(copy, Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            string production = Path.Combine(copy, "overlays", "production");
            edit(production);
            return await BuildFolderAsync(production);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    public IEnumerable<JsonObject> OfKind(params string[] kinds) => Objects.Where(o => kinds.Contains(o.Kind()));

    public JsonObject Get(string kind, string name) => Assert.Single(OfKind(kind), o => o.Name() == name);

    /// <summary>The values that a container gets from ConfigMaps.</summary>
    public Dictionary<string, string> Settings(JsonObject container)
    {
        var settings = new Dictionary<string, string>();
        foreach (string name in container.Items("envFrom").Select(source => source.At("configMapRef.name")?.ToString()).OfType<string>())
        {
            foreach ((string key, JsonNode? value) in Get("ConfigMap", name)["data"]!.AsObject())
                settings[key] = value!.ToString();
        }
        return settings;
    }

    private static async Task<Overlay> BuildFolderAsync(string folder) => new(Yaml.Read(await Kubectl.KustomizeAsync(folder)));
}
