using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Watches the searches that run in this process. Every two seconds it ends those whose batch another searcher has stored or whose request has ended, and
/// records that this process still works on the others.
/// </summary>
internal sealed partial class SearchWatch(IRequestStore store, IOptions<FlowOptions> options, TimeProvider time, ILogger<SearchWatch> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Search, byte> _searches = new();

    /// <summary>Watches a search until it is disposed.</summary>
    public Search Begin(Guid requestId, int batch)
    {
        var search = new Search(this, requestId, batch, time.GetTimestamp());
        _searches[search] = 0;
        return search;
    }

    /// <summary>Records that this process works on a request, unless any process did so lately. Most batches need no write for it.</summary>
    public async Task MarkSeenAsync(PrimeRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset lately = time.GetUtcNow() - options.Value.SeenEvery;
        if (request.IsUnseenSince(lately))
            await store.MarkSeenAsync(request.Id, lately, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // A younger search read the state when it began.
                foreach (IGrouping<(Guid, int), Search> same in _searches.Keys
                    .Where(search => time.GetElapsedTime(search.BegunAt) >= options.Value.LookEvery)
                    .GroupBy(search => (search.RequestId, search.Batch)))
                {
                    await LookAsync([.. same], stoppingToken);
                }
            }
            catch (StoreUnavailableException)
            {
                // The searches go on.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    private async Task LookAsync(IReadOnlyList<Search> same, CancellationToken cancellationToken)
    {
        BatchState? state = await store.FindBatchAsync(same[0].RequestId, same[0].Batch, cancellationToken);
        if (state is null || state.IsDone || state.Request.Status.IsEnded())
        {
            foreach (Search search in same)
                search.Supersede();
        }
        else
        {
            await MarkSeenAsync(state.Request, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching the searches failed unexpectedly")]
    private partial void LogFailed(Exception exception);

    /// <summary>A running search.</summary>
    internal sealed class Search(SearchWatch watch, Guid requestId, int batch, long begunAt) : IDisposable
    {
        private readonly CancellationTokenSource _superseded = new();
        private readonly Lock _gate = new();
        private bool _disposed;

        public Guid RequestId => requestId;

        public int Batch => batch;

        public long BegunAt => begunAt;

        /// <summary>Cancelled when the result is no longer needed.</summary>
        public CancellationToken Superseded => _superseded.Token;

        public void Supersede()
        {
            lock (_gate)
            {
                if (!_disposed)
                    _superseded.Cancel();
            }
        }

        public void Dispose()
        {
            watch._searches.TryRemove(this, out _);
            lock (_gate)
            {
                _disposed = true;
                _superseded.Dispose();
            }
        }
    }
}
