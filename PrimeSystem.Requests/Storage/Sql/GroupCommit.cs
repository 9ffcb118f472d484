namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// Group commit: items that arrive while another transaction is on its way to the disk share the next one. A lone item is written at once; many items
/// pay for one transaction, and do not queue for the rows that they have in common.
/// </summary>
/// <param name="commit">Writes a group in one transaction. If it returns false, it has written nothing.</param>
/// <param name="most">The largest group.</param>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task<bool>> commit, int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<(T Item, TaskCompletionSource<bool> Written, CancellationToken GivenUp)> _waiting = new();
    private bool _isRunning;

    /// <summary>Writes an item together with others.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait. The item may be written all the same.</param>
    /// <returns>Whether its group was written. It throws what the writing of the group threw.</returns>
    public Task<bool> WriteAsync(T item, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((item, written, cancellationToken));
            if (!_isRunning)
            {
                _isRunning = true;
                // The group does not belong to the call that begins it, nor to its trace.
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
                // Nobody waits for this item any more, and its client may have sent it again.
                if (!next.GivenUp.IsCancellationRequested)
                    group.Add((next.Item, next.Written));
            }
            _isRunning = group.Count > 0;
        }
        return group;
    }
}
