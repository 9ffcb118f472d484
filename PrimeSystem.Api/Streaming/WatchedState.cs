using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>A state of a watched request, valid until a newer one replaces it.</summary>
/// <param name="request">The request; null when it was deleted.</param>
internal sealed class WatchedState(PrimeRequest? request)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PrimeRequest? Request => request;

    /// <summary>The state as an event, written once for all watchers. The position is each watcher's own.</summary>
    public StreamEvent? Progress { get; } = request is null ? null : StreamEvent.Progress(request, 0);

    /// <summary>Completes when a newer state is known.</summary>
    public Task Replaced => _replaced.Task;

    public void MarkReplaced() => _replaced.SetResult();
}
