using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>What is known of a watched request, until more is.</summary>
/// <param name="request">The request; null when it is not there any more.</param>
internal sealed class LiveState(PrimeRequest? request)
{
    private readonly TaskCompletionSource _outdated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PrimeRequest? Request => request;

    /// <summary>The change as an event, written once for all watchers; the position is each watcher's own.</summary>
    public StreamEvent? Progress { get; } = request is null ? null : StreamEvent.Progress(request, 0);

    /// <summary>Ends when a newer state is known.</summary>
    public Task Outdated => _outdated.Task;

    public void Outdate() => _outdated.SetResult();
}
