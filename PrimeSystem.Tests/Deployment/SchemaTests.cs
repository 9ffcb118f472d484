using System.Text.Json.Nodes;

namespace PrimeSystem.Tests.Deployment;

/// <summary>A cluster accepts every object, and takes no field of it for another.</summary>
public sealed class SchemaTests
{
    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Every_object_is_valid(string name) =>
        Assert.Empty(await Schemas.CheckKubernetesAsync((await Overlay.BuildAsync(name)).Objects));

    [Fact]
    public async Task The_base_is_valid_by_itself() => Assert.Empty(await Schemas.CheckKubernetesAsync((await Overlay.BuildBaseAsync()).Objects));

    [Theory]
    [InlineData("Deployment", "api", "spec.template.spec.containers", """[{"name": "api", "livenessProb": {}}]""", "livenessProb is not a field")]
    [InlineData("Deployment", "api", "spec.replicas", "\"3\"", "replicas must be integer")]
    [InlineData("Deployment", "api", "spec.selector", null, "required property selector")]
    [InlineData("Deployment", "api", "spec.strategy.rollingUpdate.maxSurges", "1", "maxSurges is not a field")]
    [InlineData("StatefulSet", "postgres", "spec.volumeClaimTemplate", "[]", "volumeClaimTemplate is not a field")]
    [InlineData("HorizontalPodAutoscaler", "api", "spec.maxReplica", "3", "maxReplica is not a field")]
    [InlineData("PodDisruptionBudget", "api", "spec.maxUnavailables", "1", "maxUnavailables is not a field")]
    [InlineData("NetworkPolicy", "api", "spec.ingress", """[{"form": []}]""", "form is not a field")]
    [InlineData("Ingress", "api", "spec.tls", "\"yes\"", "tls must be array")]
    [InlineData("ScaledObject", "worker", "spec.maxReplicas", "3", "maxReplicas is not a field")]
    [InlineData("ScaledObject", "worker", "spec.triggers", null, "required property triggers")]
    [InlineData("TriggerAuthentication", "worker", "spec.secretTargetRef", "[1]", "must be object")]
    public async Task A_mistake_is_found(string kind, string name, string path, string? value, string problem)
    {
        var broken = (JsonObject)(await Overlay.BuildAsync("production")).Get(kind, name).DeepClone();
        string parent = path[..path.LastIndexOf('.')];
        broken.At(parent)!.AsObject().Remove(path[(parent.Length + 1)..]);
        if (value is not null)
            broken.At(parent)!.AsObject()[path[(parent.Length + 1)..]] = JsonNode.Parse(value);

        Assert.Contains(await Schemas.CheckKubernetesAsync([broken]), found => found.Contains(problem, StringComparison.Ordinal));
    }
}
