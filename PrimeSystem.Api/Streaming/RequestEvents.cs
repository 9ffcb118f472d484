using System.Runtime.CompilerServices;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// The events of a request for one watcher, in order: a snapshot, then each change and each prime as they come, then the end. Nothing is read ahead of
/// the watcher: a slow one receives several changes as one event, and costs no memory.
/// </summary>
/// <param name="requests">The watched requests.</param>
/// <param name="request">The request as it is at the start.</param>
/// <param name="after">How many primes the watcher already has.</param>
/// <param name="expiresAt">When the watcher's token expires, and the events end.</param>
internal sealed class RequestEvents(WatchedRequests requests, PrimeRequest request, int after, DateTimeOffset expiresAt) : IAsyncEnumerable<StreamEvent>
{
    /// <summary>Why the events ended, once they have.</summary>
    public StreamEnding Ending { get; private set; }

    private TimeSpan Remaining => expiresAt - requests.Time.GetUtcNow();

    public async IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        WatchedRequest watched = requests.Join(request);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, requests.Stopping);
            await foreach (StreamEvent next in ReadAsync(watched, over.Token))
                yield return next;
        }
        finally
        {
            requests.Leave(watched);
        }
    }

    private async IAsyncEnumerable<StreamEvent> ReadAsync(WatchedRequest watched, [EnumeratorCancellation] CancellationToken over)
    {
        int position = after;
        PrimeRequest sent = request;
        yield return StreamEvent.Snapshot(request, position);
        while (!over.IsCancellationRequested && Remaining > TimeSpan.Zero)
        {
            WatchedState state = watched.State;
            if (state.Request is not { } now)
            {
                Ending = StreamEnding.Deleted;
                yield break;
            }
            if (now.GeneratedCount != sent.GeneratedCount || now.Status != sent.Status)
            {
                sent = now;
                yield return state.Progress! with { Position = position };
            }
            if (position < now.GeneratedCount)
            {
                if (await ReadPrimesAsync(watched, now, position, over) is { } primes)
                {
                    position = primes.Position;
                    yield return primes;
                }
            }
            else if (now.Status.IsEnded())
            {
                Ending = StreamEnding.Completed;
                yield return StreamEvent.End(now, position);
                yield break;
            }
            else if (!await WaitForChangeAsync(state, over) && Remaining > TimeSpan.Zero)
            {
                yield return state.Progress! with { Position = position };
            }
        }
        Ending = requests.Stopping.IsCancellationRequested ? StreamEnding.Stopping
            : over.IsCancellationRequested ? StreamEnding.Disconnected
            : StreamEnding.Expired;
    }

    /// <summary>Waits for a newer state, but not longer than the keep-alive interval.</summary>
    /// <returns>False when the interval is over.</returns>
    private async Task<bool> WaitForChangeAsync(WatchedState state, CancellationToken over)
    {
        try
        {
            TimeSpan quiet = Remaining < requests.Options.KeepAliveEvery ? Remaining : requests.Options.KeepAliveEvery;
            await state.Replaced.WaitAsync(quiet > TimeSpan.Zero ? quiet : TimeSpan.Zero, requests.Time, over);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Reads the next primes; null, after a pause, when they cannot be read at the moment.</summary>
    private async Task<StreamEvent?> ReadPrimesAsync(WatchedRequest watched, PrimeRequest now, int position, CancellationToken over)
    {
        try
        {
            return await watched.ReadAsync(now, position, over);
        }
        catch (Exception e) when (e is StoreUnavailableException or InvalidDataException)
        {
            await Task.Delay(requests.Options.LookEvery, requests.Time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
