using Microsoft.Extensions.Logging;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// The outage of the database, as this process sees it. It begins with an operation that fails, and ends with one that demands as much and succeeds: on a full
/// disk the database still answers, and still stores a row here and there. Both are logged once, however many operations fail in between.
/// </summary>
internal sealed partial class StoreOutage(TimeProvider time, ILogger<StoreOutage> log) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>An outage counts as over when nothing has failed for this long. A process that only reads would not notice its end.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private string? _reason;
    private StoreDemand _demand;
    private long _beganAt;
    private long _failedAt;
    private TimeSpan _pause = FirstPause;

    /// <summary>Why the database is unavailable; null while it is available.</summary>
    public string? Reason
    {
        get
        {
            lock (_gate)
            {
                return IsForgotten ? null : _reason;
            }
        }
    }

    private bool IsForgotten => time.GetElapsedTime(_failedAt) > ForgottenAfter;

    /// <summary>Notes that an operation has failed.</summary>
    public void Failed(StoreDemand demand, StoreFailure failure, string cause)
    {
        demand = failure.EndedBy ?? demand;
        lock (_gate)
        {
            _failedAt = time.GetTimestamp();
            if (_reason is null)
            {
                (_beganAt, _pause) = (_failedAt, FirstPause);
                LogBegan(failure.Reason, cause);
            }
            (_reason, _demand) = (failure.Reason, _reason is null || demand > _demand ? demand : _demand);
        }
    }

    /// <summary>Notes that an operation has succeeded.</summary>
    public void Succeeded(StoreDemand demand)
    {
        if (Volatile.Read(ref _reason) is null)
            return;
        lock (_gate)
        {
            if (_reason is null || (demand < _demand && !IsForgotten))
                return;
            _reason = null;
            double seconds = time.GetElapsedTime(_beganAt).TotalSeconds;
            LogEnded(seconds);
        }
    }

    /// <summary>During an outage, lets one caller at a time try again, after pauses that double up to 5 s.</summary>
    public async Task WaitForTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Reason is null)
                return;
            TimeSpan pause;
            lock (_gate)
            {
                pause = _pause;
                _pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
            }
            await Task.Delay(pause, time, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Database outage began: {Reason} It is retried until it ends ({Cause})")]
    private partial void LogBegan(string reason, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Database outage ended after {Seconds:0.0} s")]
    private partial void LogEnded(double seconds);
}
