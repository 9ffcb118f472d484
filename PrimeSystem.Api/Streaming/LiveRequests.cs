using Microsoft.Extensions.Options;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// The requests that are watched through this process. Word of changes and a clock say which to look at; one query then reads all of those, however
/// many watchers each has. So watchers cost memory, not database connections.
/// </summary>
internal sealed partial class LiveRequests(
    IRequestStore store, IRequestChanges changes, IOptions<LiveOptions> options, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<LiveRequests> log) : BackgroundService
{
    /// <summary>Requests read by one query.</summary>
    private const int Together = 250;

    /// <summary>Reads on behalf of watchers that run at a time, and with them the database connections that they take.</summary>
    private const int ReadsAtOnce = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LiveRequest> _watched = [];
    private readonly HashSet<Guid> _changed = [];
    private readonly SemaphoreSlim _hasChanged = new(0, 1);
    private readonly SemaphoreSlim _reads = new(ReadsAtOnce);
    private int _watchers;

    public LiveOptions Options => options.Value;

    public TimeProvider Time => time;

    /// <summary>Cancelled when the process is asked to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Whether one more may watch.</summary>
    public bool HasPlace => Volatile.Read(ref _watchers) < options.Value.MaxWatchers;

    /// <summary>Runs one of the look-ups with which watching begins; when many begin at once they take turns.</summary>
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

    /// <summary>Begins to watch a request; <see cref="Leave"/> ends it.</summary>
    public LiveRequest Enter(PrimeRequest request)
    {
        LiveRequest? live;
        Interlocked.Increment(ref _watchers);
        lock (_gate)
        {
            if (!_watched.TryGetValue(request.Id, out live))
            {
                live = new LiveRequest(request, changes.Subscribe(request.Id), store, _reads, Stopping);
                _watched[request.Id] = live;
                _ = PassOnAsync(live);
            }
            live.Watchers++;
        }
        live.Offer(request);
        // It may have changed after it was read and before anybody listened.
        Look(request.Id);
        return live;
    }

    public void Leave(LiveRequest live)
    {
        Interlocked.Decrement(ref _watchers);
        lock (_gate)
        {
            if (--live.Watchers > 0)
                return;
            _watched.Remove(live.Id);
        }
        live.Changes.Dispose();
    }

    public override void Dispose()
    {
        base.Dispose();
        _hasChanged.Dispose();
        _reads.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long looked = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = options.Value.LookEvery - time.GetElapsedTime(looked);
            bool atSome = left > TimeSpan.Zero && await _hasChanged.WaitAsync(left, stoppingToken);
            if (!atSome)
                looked = time.GetTimestamp();
            try
            {
                foreach (LiveRequest[] chunk in Due(all: !atSome).Chunk(Together))
                    await LookAsync(chunk, stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogPostponed((e.InnerException ?? e).Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    private LiveRequest[] Due(bool all)
    {
        lock (_gate)
        {
            LiveRequest[] due = [.. all ? _watched.Values : _changed.Select(id => _watched.GetValueOrDefault(id)).OfType<LiveRequest>()];
            // Forgotten before they are read: what changes from now on is looked at again.
            _changed.Clear();
            if (all)
                Array.ForEach(due, live => live.Forget());
            return due;
        }
    }

    private async Task LookAsync(LiveRequest[] due, CancellationToken cancellationToken)
    {
        IReadOnlyList<PrimeRequest> found = await store.FindManyAsync([.. due.Select(live => live.Id)], cancellationToken);
        var byId = found.ToDictionary(request => request.Id);
        foreach (LiveRequest live in due)
            live.Offer(byId.GetValueOrDefault(live.Id));
    }

    /// <summary>Passes word of a request on until nobody watches it.</summary>
    private async Task PassOnAsync(LiveRequest live)
    {
        while (await live.Changes.WaitAsync(CancellationToken.None))
            Look(live.Id);
    }

    private void Look(Guid id)
    {
        lock (_gate)
        {
            _changed.Add(id);
            if (_hasChanged.CurrentCount == 0)
                _hasChanged.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watched requests cannot be read, trying again: {Reason}")]
    private partial void LogPostponed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading watched requests failed, trying again")]
    private partial void LogFailed(Exception exception);
}
