using PrimeSystem.Requests;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>A request does not wait behind a big one.</summary>
public sealed class FairnessTests(SharedServers servers)
{
    [Fact]
    public async Task While_ten_thousand_primes_of_617_digits_are_sought_a_small_and_a_medium_request_that_come_later_complete()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 2);
        Guid big = await system.AskAsync(10_000, 617);
        await system.WaitForAsync(big, 1);
        Assert.True(BatchPlan.IsExpress(1, 617));
        Assert.False(BatchPlan.IsExpress(60, 309));

        // The medium one shares the queue of the big one, several batches of it.
        Guid medium = await system.AskAsync(60, 309);
        Guid small = await system.AskAsync(1, 617);
        await system.CompletesAsync(small);
        await system.CompletesAsync(medium);

        Assert.InRange(await system.GeneratedAsync(big), 1, 5_000);
        await system.Api.Client.DeleteAsync($"/api/requests/{big}", TestContext.Current.CancellationToken);
    }
}
