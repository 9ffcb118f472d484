using PrimeSystem.Requests.Processing;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Api.SystemStatus;

/// <summary>
/// Samples the system every two seconds and keeps the samples of five minutes. So a page has a chart as soon as it opens, and a thousand pages cost no
/// more queries than one.
/// </summary>
internal sealed partial class SystemSampler(
    IRequestStore store, IWorkerRegistry workers, QueueSampler queue, TimeProvider time, ILogger<SystemSampler> log) : BackgroundService
{
    /// <summary>The number of samples that are kept.</summary>
    public const int MaxHistory = 150;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueueAnswersWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sampling = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Queue<SystemSample> _history = new();
    private SystemView? _latest;

    /// <summary>The state of the system, at most three seconds old.</summary>
    /// <param name="history">How many samples to include, at most <see cref="MaxHistory"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="StoreUnavailableException">The database is unavailable.</exception>
    public async Task<SystemView> GetAsync(int history, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _latest) is not { } latest || time.GetUtcNow() - latest.At > 1.5 * Interval)
            latest = await SampleAsync(cancellationToken);
        lock (_gate)
        {
            return latest with { History = [.. _history.Skip(_history.Count - history)] };
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _sampling.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await SampleAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // A client that asks now receives 503.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<SystemView> SampleAsync(CancellationToken cancellationToken)
    {
        await _sampling.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } latest && time.GetUtcNow() - latest.At < Interval / 2)
                return latest;
            long? depth = await DepthAsync(cancellationToken);
            IReadOnlyList<WorkerState> present = await workers.ListAsync(cancellationToken);
            UnfinishedRequests unfinished = await store.CountUnfinishedAsync(cancellationToken);
            var view = new SystemView(
                time.GetUtcNow(),
                [.. present.Select(w => new WorkerView(w.Name, w.Cores, w.Consumers, w.Busy, Math.Round(w.PrimesPerSecond, 3), w.StartedAt, w.SeenAt))],
                depth,
                Math.Round(present.Sum(w => w.PrimesPerSecond), 3),
                new UnfinishedView(unfinished.Pending, unfinished.Processing),
                []);
            lock (_gate)
            {
                _history.Enqueue(new SystemSample(view.At, view.PrimesPerSecond, view.QueueDepth, view.Workers.Count));
                if (_history.Count > MaxHistory)
                    _history.Dequeue();
            }
            Volatile.Write(ref _latest, view);
            return view;
        }
        finally
        {
            _sampling.Release();
        }
    }

    /// <summary>The messages that wait; null while the broker does not answer.</summary>
    private async Task<long?> DepthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await queue.ReadAsync(Interval / 2, cancellationToken).WaitAsync(QueueAnswersWithin, cancellationToken)).Ready;
        }
        catch (Exception e) when (e is TimeoutException or QueueUnavailableException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sampling the system failed")]
    private partial void LogFailed(Exception exception);
}
