using PrimeSystem.Requests;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Streaming;

/// <summary>
/// A request that somebody watches. All its watchers share what was read of it: its state, and its primes as events, of which a few are kept. Watchers
/// that are up to date ask for the same primes at the same time, and those that catch up soon do, since events begin at whole multiples of their size.
/// </summary>
internal sealed class LiveRequest
{
    /// <summary>Characters of primes in one event, about.</summary>
    private const int EventCharacters = 1 << 16;

    /// <summary>Events that are kept.</summary>
    private const int Kept = 6;

    private readonly IRequestStore _store;
    private readonly SemaphoreSlim _reads;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int From, int To), Task<StreamEvent>> _events = [];
    private readonly Queue<(int From, int To)> _order = new();
    private readonly int _size;
    private volatile LiveState _state;

    /// <param name="request">As it was read just now.</param>
    /// <param name="changes">Brings word of its changes until it is unwatched.</param>
    /// <param name="store">Where its primes are.</param>
    /// <param name="reads">Bounds how many watched requests read at a time.</param>
    /// <param name="stopping">The process stops.</param>
    public LiveRequest(PrimeRequest request, ChangeSubscription changes, IRequestStore store, SemaphoreSlim reads, CancellationToken stopping)
    {
        Id = request.Id;
        Changes = changes;
        _store = store;
        _reads = reads;
        _stopping = stopping;
        _size = Math.Max(1, EventCharacters / request.Digits);
        _state = new LiveState(request);
    }

    public Guid Id { get; }

    public ChangeSubscription Changes { get; }

    /// <summary>How many watch it; counted by <see cref="LiveRequests"/>.</summary>
    public int Watchers { get; set; }

    public LiveState Now => _state;

    /// <summary>Takes over a state that was read, unless a newer one is known. Null: it is not there any more.</summary>
    public void Offer(PrimeRequest? read)
    {
        LiveState before;
        lock (_gate)
        {
            before = _state;
            if (before.Request is not { } known || (read is not null && !IsNews(known, read)))
                return;
            _state = new LiveState(read);
        }
        before.Outdate();
    }

    /// <summary>The primes from a position on, as many as fit one event; there must be some.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    /// <exception cref="InvalidDataException">They are not there: the request has just been purged.</exception>
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
                if (_order.Count > Kept)
                    _events.Remove(_order.Dequeue());
            }
        }
        return reading.WaitAsync(cancellationToken);
    }

    /// <summary>Lets go of events that were kept: who is up to date has had them.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _events.Clear();
            _order.Clear();
        }
    }

    private static bool IsNews(PrimeRequest known, PrimeRequest read) =>
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
                    : throw new InvalidDataException($"Request {Id} lost primes while they were read.");
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
