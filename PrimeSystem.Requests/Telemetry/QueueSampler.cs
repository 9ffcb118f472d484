using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Reads the depth of the queue for everything in this process that needs it: one question at a time, whose answer all callers share.</summary>
public sealed class QueueSampler(IBatchQueue queue, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<QueueDepth>? _reading;
    private long _startedAt;

    /// <summary>The depth of the queue.</summary>
    /// <param name="maxAge">How old it may be.</param>
    /// <param name="cancellationToken">Ends the wait, not the question.</param>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached.</exception>
    public Task<QueueDepth> ReadAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_reading is null or { IsFaulted: true } || (_reading.IsCompleted && time.GetElapsedTime(_startedAt) > maxAge))
            {
                _startedAt = time.GetTimestamp();
                _reading = queue.ReadDepthAsync(CancellationToken.None);
            }
            return _reading.WaitAsync(cancellationToken);
        }
    }
}
