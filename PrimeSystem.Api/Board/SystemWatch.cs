using PrimeSystem.Requests.Processing;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Api.Board;

/// <summary>
/// Looks at the system every two seconds and remembers five minutes of it, so that a page that opens has a chart and a thousand pages cost no more
/// queries than one.
/// </summary>
internal sealed partial class SystemWatch(
    IRequestStore store, IWorkerRegistry workers, QueueSampler queue, TimeProvider time, ILogger<SystemWatch> log) : BackgroundService
{
    /// <summary>Samples that are remembered.</summary>
    public const int Remembered = 150;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueueAnswersWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Queue<SystemSample> _history = new();
    private SystemView? _latest;

    /// <summary>The system as it is now, or was a moment ago.</summary>
    /// <param name="history">Samples to add, at most <see cref="Remembered"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public async Task<SystemView> GetAsync(int history, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _latest) is not { } latest || time.GetUtcNow() - latest.At > 1.5 * Every)
            latest = await LookAsync(cancellationToken);
        lock (_gate)
        {
            return latest with { History = [.. _history.Skip(_history.Count - history)] };
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _looking.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // Who asks is told so.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<SystemView> LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } latest && time.GetUtcNow() - latest.At < Every / 2)
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
                if (_history.Count > Remembered)
                    _history.Dequeue();
            }
            Volatile.Write(ref _latest, view);
            return view;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>The messages that wait; null while the broker does not answer.</summary>
    private async Task<long?> DepthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await queue.ReadAsync(Every / 2, cancellationToken).WaitAsync(QueueAnswersWithin, cancellationToken)).Ready;
        }
        catch (Exception e) when (e is TimeoutException or QueueUnavailableException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking at the system failed")]
    private partial void LogFailed(Exception exception);
}
