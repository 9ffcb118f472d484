using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>Tells every two seconds that this process is there and what it does. Who is killed falls silent, which tells as much.</summary>
internal sealed partial class WorkerPresence(
    IWorkerRegistry registry, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<WorkerPresence> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    /// <summary>The rate is that between now and so many reports ago: batches commit in lumps.</summary>
    private const int Reports = 5;

    private readonly Guid _id = Guid.CreateVersion7();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Queue<(long At, long Primes)> _counts = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await ReportAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await LeaveAsync();
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.ReportAsync(
                new WorkerState
                {
                    Id = _id,
                    Name = $"{Environment.MachineName}/{Environment.ProcessId}",
                    Cores = Environment.ProcessorCount,
                    Consumers = options.Value.BatchConsumers + 1,
                    Busy = metrics.Busy,
                    PrimesPerSecond = Rate(),
                    StartedAt = _startedAt,
                    SeenAt = time.GetUtcNow(),
                },
                cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Nobody can read it now either.
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    private double Rate()
    {
        (long at, long primes) = (time.GetTimestamp(), metrics.PrimesStored);
        _counts.Enqueue((at, primes));
        if (_counts.Count > Reports + 1)
            _counts.Dequeue();
        (long before, long had) = _counts.Peek();
        double seconds = time.GetElapsedTime(before, at).TotalSeconds;
        return seconds > 0 ? (primes - had) / seconds : 0;
    }

    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(LeaveWithin, time);
        try
        {
            await registry.RemoveAsync(_id, limit.Token);
        }
        catch (Exception)
        {
            // It falls silent instead.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Telling of this worker failed")]
    private partial void LogFailed(Exception exception);
}
