using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Storage.Sql;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Requests;

/// <summary>Which items share a transaction.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly List<int[]> _groups = [];
    private readonly SemaphoreSlim _disk = new(0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Items_that_arrive_while_a_group_is_written_share_the_next_ones_up_to_their_limit()
    {
        GroupCommit<int> commit = Writing(most: 3);

        Task<bool> first = commit.WriteAsync(0, Cancellation);
        await FirstGroupBeginsAsync();
        Task<bool>[] others = [.. Enumerable.Range(1, 4).Select(item => commit.WriteAsync(item, Cancellation))];
        Assert.False(first.IsCompleted);
        _disk.Release(3);

        Assert.All(await Task.WhenAll([first, .. others]), Assert.True);
        Assert.Equal([[0], [1, 2, 3], [4]], _groups);
    }

    [Fact]
    public async Task A_group_that_fails_fails_for_all_of_its_items_and_for_no_others()
    {
        GroupCommit<int> commit = Writing(most: 2);

        Task<bool> first = commit.WriteAsync(0, Cancellation);
        await FirstGroupBeginsAsync();
        Task<bool>[] failing = [commit.WriteAsync(-1, Cancellation), commit.WriteAsync(2, Cancellation)];
        Task<bool> last = commit.WriteAsync(3, Cancellation);
        _disk.Release(3);

        Assert.True(await first);
        foreach (Task<bool> one in failing)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => one);
        Assert.True(await last);
    }

    [Fact]
    public async Task An_item_that_is_cancelled_before_its_turn_is_not_written()
    {
        GroupCommit<int> commit = Writing(most: 3);
        using var impatience = new CancellationTokenSource();

        Task<bool> first = commit.WriteAsync(0, Cancellation);
        await FirstGroupBeginsAsync();
        Task<bool> givenUp = commit.WriteAsync(1, impatience.Token);
        Task<bool> last = commit.WriteAsync(2, Cancellation);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        _disk.Release(2);

        Assert.True(await first);
        Assert.True(await last);
        Assert.Equal([[0], [2]], _groups);
    }

    [Fact]
    public async Task Every_item_of_many_callers_is_written_once()
    {
        _disk.Release(1_000);
        GroupCommit<int> commit = Writing(most: 10);

        await Parallel.ForAsync(0, 1_000, async (item, _) => Assert.True(await commit.WriteAsync(item, Cancellation)));

        Assert.Equal(Enumerable.Range(0, 1_000), _groups.SelectMany(group => group).Order());
    }

    private Task FirstGroupBeginsAsync() =>
        Eventually.TrueAsync(() => Task.FromResult(_groups.Count == 1), TimeSpan.FromSeconds(10), "the first group is being written");

    private GroupCommit<int> Writing(int most) => new(
        async group =>
        {
            _groups.Add([.. group]);
            await _disk.WaitAsync(Cancellation);
            return group.All(item => item >= 0) ? true : throw new StoreUnavailableException("The disk is away.");
        },
        most);
}
