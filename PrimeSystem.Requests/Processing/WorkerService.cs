using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Runs the consumers of a process: one more than it has cores, so that one can commit while the others compute, and one for the express lane. When the
/// process is asked to stop they take nothing more, and finish or hand back what they hold.
/// </summary>
internal sealed partial class WorkerService(
    IBatchQueue queue, IBatchHandler handler, FlowMetrics metrics, IOptions<FlowOptions> options, ILogger<WorkerService> log)
    : BackgroundService
{
    private readonly CancellationTokenSource _abandoned = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int consumers = options.Value.BatchConsumers;
        LogStarted(consumers);
        metrics.Consuming(consumers + 1);
        await Task.WhenAll(Enumerable.Range(0, consumers).Select(_ => Lane.Batches).Append(Lane.Express)
            .Select(lane => queue.ConsumeAsync(lane, handler, stoppingToken, _abandoned.Token)));
        LogStopped();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The host cancels this token when its time to stop is over.
        await using (cancellationToken.Register(_abandoned.Cancel))
        {
            await base.StopAsync(cancellationToken);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _abandoned.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Consuming batches with {Consumers} consumers, and one for the express lane")]
    private partial void LogStarted(int consumers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped consuming; all deliveries are settled")]
    private partial void LogStopped();
}
