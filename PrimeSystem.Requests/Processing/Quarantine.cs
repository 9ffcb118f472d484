namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Where a batch is worked on alone. A worker that dies takes the deliveries of all its consumers with it, and the broker counts against each of them. So
/// one that was there several times is kept from the others: if its worker dies again, it was this batch that killed it.
/// </summary>
internal sealed class Quarantine
{
    private readonly Lock _gate = new();
    private int _inside;

    /// <summary>Completes when the last of those inside has left; there while somebody is alone, or about to be.</summary>
    private TaskCompletionSource? _empty;

    /// <summary>Completes when others may enter again; there as long as <see cref="_empty"/>.</summary>
    private TaskCompletionSource? _open;

    /// <summary>Enters beside others.</summary>
    /// <returns>What to dispose of when leaving; null while somebody is alone.</returns>
    public IDisposable? TryEnter()
    {
        lock (_gate)
        {
            if (_open is not null)
                return null;
            _inside++;
            return new Stay(Leave);
        }
    }

    /// <summary>Enters alone, once all others have left.</summary>
    /// <returns>What to dispose of when leaving; null while somebody else is alone, or when the waiting was cancelled.</returns>
    public async Task<IDisposable?> TryEnterAloneAsync(CancellationToken cancellationToken)
    {
        Task left;
        lock (_gate)
        {
            if (_open is not null)
                return null;
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inside == 0)
                _empty.SetResult();
            left = _empty.Task;
        }
        try
        {
            await left.WaitAsync(cancellationToken);
            return new Stay(Open);
        }
        catch (OperationCanceledException)
        {
            Open();
            return null;
        }
    }

    /// <summary>Waits until nobody is alone.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _open is { } open ? open.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0)
                _empty?.TrySetResult();
        }
    }

    private void Open()
    {
        lock (_gate)
        {
            _open!.SetResult();
            _open = _empty = null;
        }
    }

    private sealed class Stay(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
