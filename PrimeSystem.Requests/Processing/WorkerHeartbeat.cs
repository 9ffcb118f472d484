using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>Reports every two seconds that this process is present and what it does. A killed worker stops reporting.</summary>
internal sealed partial class WorkerHeartbeat(
    IWorkerRegistry registry, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<WorkerHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RemoveWithin = TimeSpan.FromSeconds(2);

    /// <summary>The number of reports over which the rate is measured, since batches commit in lumps.</summary>
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
            await RemoveAsync();
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
            // Nobody can read a report now either.
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

    private async Task RemoveAsync()
    {
        using var limit = new CancellationTokenSource(RemoveWithin, time);
        try
        {
            await registry.RemoveAsync(_id, limit.Token);
        }
        catch (Exception)
        {
            // Its reports end, which shows the same a little later.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reporting this worker failed unexpectedly")]
    private partial void LogFailed(Exception exception);
}
