using System.Numerics;
using System.Threading.Channels;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// Runs a search on several threads and delivers the primes through a channel. Small primes are split evenly among independent searches; large ones
/// share their streams (<see cref="SharedSearch"/>).
/// </summary>
internal sealed class ParallelSearch : IAsyncDisposable
{
    /// <summary>The number of bits from which on a candidate costs so much more than a lock that threads can share a stream.</summary>
    private const int SharedBits = 600;

    private const int Capacity = 4_096;

    private readonly Channel<BigInteger> _primes = Channel.CreateBounded<BigInteger>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _cancellation;
    private readonly Task[] _threads;
    private readonly SharedSearch? _shared;
    private long _tested;

    public ParallelSearch(
        SearchRange range, int count, int rounds, int threads, Func<int, IPrimeSearch> createSearch, CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = _cancellation.Token;
        SharedSearch? shared = _shared = range.Bits >= SharedBits ? new SharedSearch(range, count, threads) : null;
        _threads = new Task[threads];
        for (int i = 0; i < threads; i++)
        {
            int share = count / threads + (i < count % threads ? 1 : 0);
            // A thread of its own: the search keeps it busy for as long as it lasts.
            _threads[i] = Task.Factory.StartNew(
                () =>
                {
                    if (shared is null)
                        RunSeparately(createSearch, share, token);
                    else
                        shared.Run(rounds, prime => Deliver(prime, token), token);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        _ = CompleteAsync(shared);
    }

    public ChannelReader<BigInteger> Primes => _primes.Reader;

    /// <summary>Candidates tested by the threads that have ended; all of them once it is disposed.</summary>
    public long Tested => Interlocked.Read(ref _tested) + (_shared?.Tested ?? 0);

    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        await Task.WhenAll(_threads).ContinueWith(static _ => { }, TaskScheduler.Default);
        _cancellation.Dispose();
    }

    private void RunSeparately(Func<int, IPrimeSearch> createSearch, int share, CancellationToken cancellationToken)
    {
        if (share == 0)
            return;
        using IPrimeSearch search = createSearch(share);
        try
        {
            while (search.IsActive)
            {
                search.Advance(cancellationToken);
                while (search.TryTake(out BigInteger prime))
                    Deliver(prime, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Add(ref _tested, search.Tested);
        }
    }

    private void Deliver(BigInteger prime, CancellationToken cancellationToken)
    {
        if (!_primes.Writer.TryWrite(prime))
            _primes.Writer.WriteAsync(prime, cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    private async Task CompleteAsync(SharedSearch? shared)
    {
        Exception? failure = null;
        try
        {
            await Task.WhenAll(_threads);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        shared?.Dispose();
        _primes.Writer.TryComplete(failure);
    }
}
