namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// Group commit: what is to be written while another transaction is on its way to the disk shares the next one. A lone item is written at once; many
/// at a time pay for one transaction, and do not queue up for the rows that they have in common.
/// </summary>
/// <param name="commit">Writes a group in one transaction, or nothing of it and returns false.</param>
/// <param name="most">Items in a group at most.</param>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task<bool>> commit, int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<(T Item, TaskCompletionSource<bool> Written, CancellationToken GivenUp)> _waiting = new();
    private bool _isRunning;

    /// <summary>Has an item written with others.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Gives up; when its group has begun, the item may be written all the same.</param>
    /// <returns>Whether its group was written; it throws what writing the group threw.</returns>
    public Task<bool> WriteAsync(T item, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((item, written, cancellationToken));
            if (!_isRunning)
            {
                _isRunning = true;
                // The group is no part of the call that happens to begin it, nor of its trace.
                using (ExecutionContext.SuppressFlow())
                    _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }
        return written.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                bool written = await commit([.. group.Select(member => member.Item)]);
                group.ForEach(member => member.Written.SetResult(written));
            }
            catch (Exception e)
            {
                group.ForEach(member => member.Written.SetException(e));
            }
        }
    }

    private List<(T Item, TaskCompletionSource<bool> Written)> TakeGroup()
    {
        var group = new List<(T, TaskCompletionSource<bool>)>();
        lock (_gate)
        {
            while (group.Count < most && _waiting.TryDequeue(out (T Item, TaskCompletionSource<bool> Written, CancellationToken GivenUp) next))
            {
                // Nobody waits for it any more, and who asked may have asked again.
                if (!next.GivenUp.IsCancellationRequested)
                    group.Add((next.Item, next.Written));
            }
            _isRunning = group.Count > 0;
        }
        return group;
    }
}
