using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>Runs the recurring duties. Every process has a sweeper; a lock for each duty lets one process carry it out at a time.</summary>
internal sealed partial class Sweeper(IEnumerable<ISweep> sweeps, IRequestStore store, TimeProvider time, ILogger<Sweeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(sweeps.Select(sweep => RunAsync(sweep, stoppingToken)));

    private async Task RunAsync(ISweep sweep, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(sweep.Every, time);
        do
        {
            try
            {
                await using IAsyncDisposable? mine = await store.TryLockAsync(sweep.Duty, stoppingToken);
                if (mine is not null)
                    await sweep.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is StoreUnavailableException or QueueUnavailableException)
            {
                // The store logs its outages itself.
                if (e is QueueUnavailableException)
                    LogPostponed(sweep.Duty, (e.InnerException ?? e).Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e, sweep.Duty);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Duty} postponed: {Reason}")]
    private partial void LogPostponed(SweepDuty duty, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Duty} failed unexpectedly")]
    private partial void LogFailed(Exception exception, SweepDuty duty);
}
