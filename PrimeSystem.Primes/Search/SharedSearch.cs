using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The scheduler for large primes on several threads. All cores and lanes share the streams, so that a single prime keeps the whole machine busy and
/// the last of several leaves no core idle.
/// </summary>
/// <remarks>
/// Threads take a lock only to get a group of candidates and to report its outcome; in between lie milliseconds of arithmetic. The prime of a stream is
/// its smallest (<see cref="SharedStream"/>), whichever thread found one first.
/// </remarks>
internal sealed class SharedSearch : IDisposable
{
    private readonly object _gate = new();
    private readonly SearchRange _range;
    private readonly Sieve _sieve;
    private readonly RandomSource _random = new();
    private readonly List<SharedStream> _streams = [];
    private long _tested;
    private int _toStart, _turn;

    public SharedSearch(SearchRange range, int count, int threads)
    {
        _range = range;
        _sieve = new Sieve(range.SieveBound, range.Low.Length);
        _toStart = count;
        int lanes = threads * 8;
        while (_toStart > 0 && _streams.Count < lanes)
            Start();
    }

    /// <summary>Searches until all primes are found. Each thread calls it once.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Run(int rounds, Action<BigInteger> onPrime, CancellationToken cancellationToken)
    {
        using var random = new RandomSource();
        using var screen = new BaseTwoScreen(_range.Bits);
        using var confirmation = new MillerRabin(_range.Bits, random);
        var owners = new SharedStream?[screen.Lanes];
        var places = new long[screen.Lanes];
        while (Take(screen, owners, places, cancellationToken))
        {
            ulong passed = screen.Run(cancellationToken);
            for (int lane = 0; lane < owners.Length; lane++)
            {
                if (owners[lane] is not { } owner)
                    continue;
                bool isPrime = ((passed >> lane) & 1) != 0 && confirmation.Test(screen.Candidate(lane), rounds, cancellationToken);
                BigInteger? finished = Report(owner, places[lane], isPrime ? NaturalNumber.ToBigInteger(screen.Candidate(lane)) : null);
                if (finished is { } prime)
                    onPrime(prime);
            }
        }
    }

    /// <summary>Candidates tested so far, by all threads.</summary>
    public long Tested => Interlocked.Read(ref _tested);

    public void Dispose()
    {
        foreach (SharedStream stream in _streams)
            stream.Window.Wipe();
        _random.Dispose();
    }

    private void Start()
    {
        var window = new CandidateWindow(_range, _sieve);
        window.Restart(_random);
        _streams.Add(new SharedStream(window));
        _toStart--;
    }

    /// <summary>Fills the lanes from the streams in turn. Waits while other threads hold all candidates. Returns false when no stream is left.</summary>
    private bool Take(BaseTwoScreen screen, SharedStream?[] owners, long[] places, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_streams.Count == 0)
                    return false;
                int taken = 0;
                for (int tried = 0; taken < owners.Length && tried < _streams.Count;)
                {
                    SharedStream stream = _streams[_turn++ % _streams.Count];
                    if (!stream.IsOpen)
                    {
                        tried++;
                        continue;
                    }
                    tried = 0;
                    while (!stream.Window.TryNext(screen.Candidate(taken)))
                        stream.Window.Restart(_random);
                    owners[taken] = stream;
                    places[taken++] = stream.Issue();
                }
                if (taken > 0)
                {
                    for (int lane = taken; lane < owners.Length; lane++)
                    {
                        owners[lane] = null;
                        screen.Candidate(0).CopyTo(screen.Candidate(lane));
                    }
                    return true;
                }
                Monitor.Wait(_gate, millisecondsTimeout: 20);
            }
        }
    }

    private BigInteger? Report(SharedStream stream, long place, BigInteger? prime)
    {
        lock (_gate)
        {
            _tested++;
            if (prime is { } found)
                stream.Confirm(place, found);
            else
                stream.Reject(place);
            if (!stream.TryFinish(out BigInteger first) || !_streams.Remove(stream))
                return null;
            stream.Window.Wipe();
            if (_toStart > 0)
                Start();
            Monitor.PulseAll(_gate);
            return first;
        }
    }
}
