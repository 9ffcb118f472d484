using Microsoft.Extensions.Options;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// The requests that clients of this process watch. Notifications and a timer select those to read; one query then reads all of them, however many
/// watchers each has. So watchers cost memory, not database connections.
/// </summary>
internal sealed partial class WatchedRequests(
    IRequestStore store, IRequestChanges changes, IOptions<StreamOptions> options, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<WatchedRequests> log) : BackgroundService
{
    private const int MaxRequestsPerQuery = 250;

    /// <summary>The most reads for watchers at a time. Each takes a database connection.</summary>
    private const int MaxConcurrentReads = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, WatchedRequest> _watched = [];
    private readonly HashSet<Guid> _changed = [];
    private readonly SemaphoreSlim _hasChanged = new(0, 1);
    private readonly SemaphoreSlim _reads = new(MaxConcurrentReads);
    private int _watchers;

    public StreamOptions Options => options.Value;

    public TimeProvider Time => time;

    /// <summary>Cancelled when the process begins to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public bool IsFull => Volatile.Read(ref _watchers) >= options.Value.MaxWatchers;

    /// <summary>Reads what a new watcher needs. When many watchers come at once, their reads take turns.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            return await read();
        }
        finally
        {
            _reads.Release();
        }
    }

    /// <summary>Adds a watcher of a request; <see cref="Leave"/> removes it.</summary>
    public WatchedRequest Join(PrimeRequest request)
    {
        WatchedRequest? watched;
        Interlocked.Increment(ref _watchers);
        lock (_gate)
        {
            if (!_watched.TryGetValue(request.Id, out watched))
            {
                watched = new WatchedRequest(request, changes.Subscribe(request.Id), store, _reads, Stopping);
                _watched[request.Id] = watched;
                _ = ForwardChangesAsync(watched);
            }
            watched.Watchers++;
        }
        watched.Update(request);
        // It may have changed between the read and the subscription.
        MarkChanged(request.Id);
        return watched;
    }

    public void Leave(WatchedRequest watched)
    {
        Interlocked.Decrement(ref _watchers);
        lock (_gate)
        {
            if (--watched.Watchers > 0)
                return;
            _watched.Remove(watched.Id);
        }
        watched.Changes.Dispose();
    }

    public override void Dispose()
    {
        base.Dispose();
        _hasChanged.Dispose();
        _reads.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long lastRead = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = options.Value.LookEvery - time.GetElapsedTime(lastRead);
            bool onlyChanged = left > TimeSpan.Zero && await _hasChanged.WaitAsync(left, stoppingToken);
            if (!onlyChanged)
                lastRead = time.GetTimestamp();
            try
            {
                foreach (WatchedRequest[] chunk in TakeDue(all: !onlyChanged).Chunk(MaxRequestsPerQuery))
                    await RefreshAsync(chunk, stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // The store logs its outages itself.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    private WatchedRequest[] TakeDue(bool all)
    {
        lock (_gate)
        {
            WatchedRequest[] due = [.. all ? _watched.Values : _changed.Select(id => _watched.GetValueOrDefault(id)).OfType<WatchedRequest>()];
            // Cleared before the read: what changes from now on is read again.
            _changed.Clear();
            if (all)
                Array.ForEach(due, request => request.DropEvents());
            return due;
        }
    }

    private async Task RefreshAsync(WatchedRequest[] due, CancellationToken cancellationToken)
    {
        IReadOnlyList<PrimeRequest> found = await store.FindManyAsync([.. due.Select(watched => watched.Id)], cancellationToken);
        var byId = found.ToDictionary(request => request.Id);
        foreach (WatchedRequest watched in due)
            watched.Update(byId.GetValueOrDefault(watched.Id));
    }

    /// <summary>Marks a request as changed at each notification, until its last watcher leaves.</summary>
    private async Task ForwardChangesAsync(WatchedRequest watched)
    {
        while (await watched.Changes.WaitAsync(CancellationToken.None))
            MarkChanged(watched.Id);
    }

    private void MarkChanged(Guid id)
    {
        lock (_gate)
        {
            _changed.Add(id);
            if (_hasChanged.CurrentCount == 0)
                _hasChanged.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading watched requests failed. Retrying")]
    private partial void LogFailed(Exception exception);
}
