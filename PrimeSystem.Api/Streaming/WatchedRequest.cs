using PrimeSystem.Requests;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// A watched request. All its watchers share what was read of it: its state, and its primes as events, of which the last few are kept. Watchers that
/// are up to date need the same primes at the same time; those that catch up soon do too, since events start at multiples of their size.
/// </summary>
internal sealed class WatchedRequest
{
    /// <summary>About how many digits one event has.</summary>
    private const int EventDigits = 1 << 16;

    private const int MaxKeptEvents = 6;

    private readonly IRequestStore _store;
    private readonly SemaphoreSlim _reads;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int From, int To), Task<StreamEvent>> _events = [];
    private readonly Queue<(int From, int To)> _order = new();
    private readonly int _size;
    private volatile WatchedState _state;

    /// <param name="request">The request as it was just read.</param>
    /// <param name="changes">Notifies of its changes. It is disposed of when the last watcher leaves.</param>
    /// <param name="store">Where its primes are.</param>
    /// <param name="reads">Bounds the concurrent reads of all watched requests.</param>
    /// <param name="stopping">Cancelled when the process stops.</param>
    public WatchedRequest(PrimeRequest request, ChangeSubscription changes, IRequestStore store, SemaphoreSlim reads, CancellationToken stopping)
    {
        Id = request.Id;
        Changes = changes;
        _store = store;
        _reads = reads;
        _stopping = stopping;
        _size = Math.Max(1, EventDigits / request.Digits);
        _state = new WatchedState(request);
    }

    public Guid Id { get; }

    public ChangeSubscription Changes { get; }

    /// <summary>The number of watchers; counted by <see cref="WatchedRequests"/>.</summary>
    public int Watchers { get; set; }

    public WatchedState State => _state;

    /// <summary>Sets the state to what was read, unless a newer one is known.</summary>
    /// <param name="read">The request; null when it was not found.</param>
    public void Update(PrimeRequest? read)
    {
        WatchedState before;
        lock (_gate)
        {
            before = _state;
            if (before.Request is not { } known || (read is not null && !IsNewer(known, read)))
                return;
            _state = new WatchedState(read);
        }
        before.MarkReplaced();
    }

    /// <summary>The primes from a position on, as many as fit into one event. There must be at least one.</summary>
    /// <exception cref="StoreUnavailableException">The database is unavailable.</exception>
    /// <exception cref="InvalidDataException">The request was just purged.</exception>
    public Task<StreamEvent> ReadAsync(PrimeRequest request, int from, CancellationToken cancellationToken)
    {
        (int From, int To) key = (from, (int)Math.Min(request.GeneratedCount, (from / _size + 1L) * _size));
        Task<StreamEvent>? reading;
        lock (_gate)
        {
            if (!_events.TryGetValue(key, out reading))
            {
                reading = Task.Run(() => LoadAsync(request, key), _stopping);
                _events[key] = reading;
                _order.Enqueue(key);
                if (_order.Count > MaxKeptEvents)
                    _events.Remove(_order.Dequeue());
            }
        }
        return reading.WaitAsync(cancellationToken);
    }

    /// <summary>Drops the kept events: watchers that are up to date have received them.</summary>
    public void DropEvents()
    {
        lock (_gate)
        {
            _events.Clear();
            _order.Clear();
        }
    }

    private static bool IsNewer(PrimeRequest known, PrimeRequest read) =>
        read.GeneratedCount > known.GeneratedCount || (read.Status > known.Status && !known.Status.IsEnded());

    private async Task<StreamEvent> LoadAsync(PrimeRequest request, (int From, int To) key)
    {
        try
        {
            await _reads.WaitAsync(_stopping);
            try
            {
                IReadOnlyList<string> primes = await _store.ReadPrimesAsync(request, key.From, key.To - key.From, _stopping);
                return primes.Count == key.To - key.From
                    ? StreamEvent.Primes(key.From, primes)
                    : throw new InvalidDataException($"Request {Id} was purged while its primes were read.");
            }
            finally
            {
                _reads.Release();
            }
        }
        catch
        {
            lock (_gate)
            {
                _events.Remove(key);
            }
            throw;
        }
    }
}
