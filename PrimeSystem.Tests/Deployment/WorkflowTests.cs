using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>What a hosted runner does.</summary>
public sealed class WorkflowTests
{
    [Fact]
    public Task Every_workflow_is_valid() =>
        Task.WhenAll(Directory.GetFiles(Repository.PathOf(".github", "workflows")).Select(Schemas.CheckWorkflowAsync));

    [Fact]
    public async Task A_mistake_in_one_is_found()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("primes-workflow-").FullName, "broken.yml");
        await File.WriteAllTextAsync(
            file, "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    need: b\n    steps:\n    - run: ls\n", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Schemas.CheckWorkflowAsync(file));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
