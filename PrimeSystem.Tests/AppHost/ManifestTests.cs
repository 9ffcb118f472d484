using Aspire.Hosting;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>What Aspire's publisher writes is what is committed.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task The_committed_manifest_is_what_the_publisher_writes() =>
        Assert.Equal(await ReadCommittedAsync(), await PublishAsync());

    [Fact]
    public async Task What_only_serves_a_developers_machine_is_never_published() =>
        Assert.Equal(await ReadCommittedAsync(), await PublishAsync("--Extras:Keycloak=true", "--Extras:Monitoring=true"));

    private static Task<string> ReadCommittedAsync() =>
        File.ReadAllTextAsync(Repository.PathOf("aspire-manifest.json"), TestContext.Current.CancellationToken);

    private static async Task<string> PublishAsync(params string[] arguments)
    {
        // Beside the committed one, since the paths in it are relative.
        string path = Repository.PathOf($"aspire-manifest.{Guid.NewGuid():N}.json");
        try
        {
            await using (Model model = await Model.CreateAsync([.. Model.Publish, "--output-path", path, .. arguments]))
            await using (DistributedApplication application = await model.BuildAsync())
                await application.RunAsync(TestContext.Current.CancellationToken);
            return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
