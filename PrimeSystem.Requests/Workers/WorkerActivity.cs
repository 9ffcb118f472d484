namespace PrimeSystem.Requests.Workers;

/// <summary>What the consumers of this process are doing, counted.</summary>
internal sealed class WorkerActivity
{
    private int _busy;
    private long _primes;

    /// <summary>Batches that are worked on.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Primes stored since the process started.</summary>
    public long Primes => Interlocked.Read(ref _primes);

    /// <summary>A consumer is at a batch until this is disposed.</summary>
    public IDisposable Begin()
    {
        Interlocked.Increment(ref _busy);
        return new Work(this);
    }

    public void Stored(int primes) => Interlocked.Add(ref _primes, primes);

    private sealed class Work(WorkerActivity activity) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref activity._busy);
    }
}
