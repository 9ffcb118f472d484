using System.Text.Json.Nodes;

namespace PrimeSystem.Tests.Deployment;

/// <summary>Words for what one looks for in Kubernetes' objects.</summary>
internal static class KubernetesObjects
{
    public static string Kind(this JsonObject o) => o["kind"]!.ToString();

    public static string Name(this JsonObject o) => o.At("metadata.name")!.ToString();

    public static JsonObject Pod(this JsonObject workload) => workload.At("spec.template.spec")!.AsObject();

    public static JsonObject PodLabels(this JsonObject workload) => workload.At("spec.template.metadata.labels")!.AsObject();

    public static JsonObject Container(this JsonObject workload) => Assert.Single(workload.Pod().Items("containers"));

    public static IEnumerable<JsonObject> AllContainers(this JsonObject pod) => pod.Items("initContainers").Concat(pod.Items("containers"));

    /// <summary>What is at a path of names, if anything.</summary>
    public static JsonNode? At(this JsonNode node, string path) => path.Split('.').Aggregate((JsonNode?)node, (at, name) => (at as JsonObject)?[name]);

    /// <summary>The objects of a list, or none.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode node, string path) => (node.At(path) as JsonArray ?? []).Select(item => item!.AsObject());

    /// <summary>Whether a label selector chooses these labels; the empty one chooses all.</summary>
    public static bool Chooses(this JsonNode selector, JsonObject labels) =>
        (selector["matchLabels"] as JsonObject ?? []).All(label => labels[label.Key]?.ToString() == label.Value!.ToString())
        && selector.Items("matchExpressions").All(expression => expression["operator"]!.ToString() == "In"
            && expression["values"]!.AsArray().Any(value => value!.ToString() == labels[expression["key"]!.ToString()]?.ToString()));
}
