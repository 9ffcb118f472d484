using PrimeSystem.Api.Requests;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>Waits for the end of requests as one of their watchers: it costs memory, and no query of its own.</summary>
internal sealed class RequestWaiter(WatchedRequests requests) : IRequestWaiter
{
    public async Task<PrimeRequest?> WaitForEndAsync(PrimeRequest request, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (request.Status.IsEnded() || requests.IsFull)
            return request;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, requests.Stopping);
        over.CancelAfter(atMost);
        WatchedRequest watched = requests.Join(request);
        try
        {
            while (watched.State is { Request.Status: var status } state && !status.IsEnded())
                await state.Replaced.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over, or the process stops: the answer is the state so far.
        }
        finally
        {
            requests.Leave(watched);
        }
        return watched.State.Request;
    }
}
