using System.Runtime.CompilerServices;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// What one watcher is told of a request, in order: a snapshot, then each change and each prime as they come, then the end. Nothing is read ahead of
/// the watcher: one that is slow is told of several changes as one, and costs no memory.
/// </summary>
/// <param name="board">What is watched.</param>
/// <param name="request">The request, as it is when the watching begins.</param>
/// <param name="after">Primes that the watcher has already.</param>
/// <param name="until">When the watcher's permission ends, and the watching with it.</param>
internal sealed class RequestStream(LiveRequests board, PrimeRequest request, int after, DateTimeOffset until) : IAsyncEnumerable<StreamEvent>
{
    /// <summary>Why the events have ended, once they have.</summary>
    public StreamEnding Ending { get; private set; }

    private TimeSpan Remaining => until - board.Time.GetUtcNow();

    public async IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        LiveRequest live = board.Enter(request);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, board.Stopping);
            await foreach (StreamEvent told in TellAsync(live, over.Token))
                yield return told;
        }
        finally
        {
            board.Leave(live);
        }
    }

    private async IAsyncEnumerable<StreamEvent> TellAsync(LiveRequest live, [EnumeratorCancellation] CancellationToken over)
    {
        int position = after;
        PrimeRequest told = request;
        yield return StreamEvent.Snapshot(request, position);
        while (!over.IsCancellationRequested && Remaining > TimeSpan.Zero)
        {
            LiveState state = live.Now;
            if (state.Request is not { } now)
            {
                Ending = StreamEnding.Deleted;
                yield break;
            }
            if (now.GeneratedCount != told.GeneratedCount || now.Status != told.Status)
            {
                told = now;
                yield return state.Progress! with { Position = position };
            }
            if (position < now.GeneratedCount)
            {
                if (await ReadAsync(live, now, position, over) is { } primes)
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
            else if (!await ChangesAsync(state, over) && Remaining > TimeSpan.Zero)
            {
                yield return state.Progress! with { Position = position };
            }
        }
        Ending = board.Stopping.IsCancellationRequested ? StreamEnding.Stopping
            : over.IsCancellationRequested ? StreamEnding.Left
            : StreamEnding.Expired;
    }

    /// <summary>Waits for a newer state; not for longer than a watcher may be left without a word.</summary>
    /// <returns>Whether there is one, or the watching is over.</returns>
    private async Task<bool> ChangesAsync(LiveState state, CancellationToken over)
    {
        try
        {
            TimeSpan quiet = Remaining < board.Options.KeepAliveEvery ? Remaining : board.Options.KeepAliveEvery;
            await state.Outdated.WaitAsync(quiet > TimeSpan.Zero ? quiet : TimeSpan.Zero, board.Time, over);
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

    /// <summary>Reads on, or waits a while where that cannot be done at the moment.</summary>
    private async Task<StreamEvent?> ReadAsync(LiveRequest live, PrimeRequest now, int position, CancellationToken over)
    {
        try
        {
            return await live.ReadAsync(now, position, over);
        }
        catch (Exception e) when (e is StoreUnavailableException or InvalidDataException)
        {
            await Task.Delay(board.Options.LookEvery, board.Time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
