namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Lets a suspect batch be processed alone. A worker that dies loses the deliveries of all its consumers, and the broker counts that against each of them.
/// A batch that was lost several times is kept apart: if its worker dies again, this batch killed it.
/// </summary>
internal sealed class Quarantine
{
    private readonly Lock _gate = new();
    private int _inside;

    /// <summary>Completes when the last batch inside has left. Null unless one is alone or waits to be.</summary>
    private TaskCompletionSource? _empty;

    /// <summary>Completes when others may enter again. Null together with <see cref="_empty"/>.</summary>
    private TaskCompletionSource? _open;

    /// <summary>Enters together with others.</summary>
    /// <returns>A stay to dispose of when leaving; null while another batch is alone.</returns>
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

    /// <summary>Waits until all others have left, and enters alone.</summary>
    /// <returns>A stay to dispose of when leaving; null if another batch is alone or the wait was cancelled.</returns>
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

    /// <summary>Waits until no batch is alone.</summary>
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
