using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// Samples the queue and the database for the gauges, so that a scrape costs neither of them anything. Every process samples, so that one that is left
/// still reports. While a server cannot be reached its gauges are absent, not stale.
/// </summary>
internal sealed partial class MetricsSampler(
    QueueSampler queue, IRequestStore store, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<MetricsSampler> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ShowZeros();
        using var timer = new PeriodicTimer(options.Value.SampleEvery, time);
        do
        {
            metrics.Sampled(await TryAsync(token => queue.ReadAsync(options.Value.SampleEvery / 2, token), stoppingToken));
            metrics.Sampled(await TryAsync(store.CountUnfinishedAsync, stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken stoppingToken)
        where T : class
    {
        try
        {
            return await read(stoppingToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
        {
            // What needs the server reports it, and more often.
            return null;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sampling the queue or the database failed")]
    private partial void LogFailed(Exception exception);
}
