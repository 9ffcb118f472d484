using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// Asks the queue and the database now and then what the metrics tell of them, so that reading the metrics costs neither of them anything. Every process
/// has one: whichever of them is left can still tell. What cannot be asked is not told, rather than told as it was.
/// </summary>
internal sealed partial class FlowSampler(
    IBatchQueue queue, IRequestStore store, FlowMetrics metrics, IOptions<FlowOptions> options, TimeProvider time, ILogger<FlowSampler> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ShowZeros();
        using var timer = new PeriodicTimer(options.Value.SampleEvery, time);
        do
        {
            // To cancel a question would break the channel that publishes, on which a worker that stops hands back.
            metrics.Sampled(await TryAsync(token => queue.ReadDepthAsync(CancellationToken.None).WaitAsync(token), stoppingToken));
            metrics.Sampled(await TryAsync(store.CountUnfinishedAsync, stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stoppingToken)
        where T : class
    {
        try
        {
            return await ask(stoppingToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or StoreUnavailableException)
        {
            // Those who need it say so, and more often.
            return null;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of queue and database could not be sampled")]
    private partial void LogFailed(Exception exception);
}
