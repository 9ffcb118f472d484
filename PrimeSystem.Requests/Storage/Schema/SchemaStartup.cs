using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Requests.Storage.Schema;

/// <summary>
/// Brings the schema up to date when the process starts, or waits for it where that is somebody else's task. It tries until it succeeds, beside the
/// rest of the process: an Api whose database is down starts all the same, and says so.
/// </summary>
internal sealed partial class SchemaStartup(
    ISqlDatabase database, SchemaState schema, IOptions<MigrationOptions> options, TimeProvider time, ILogger<SchemaStartup> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("PrimeSystem");
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(3);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        // With a database at hand the process is ready before it listens.
        await Task.WhenAny(ExecuteTask!, Task.Delay(FirstTry, time, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(time);
        while (!schema.IsReady)
        {
            try
            {
                using Activity? span = Source.StartActivity("prepare schema");
                if (options.Value.AtStartup)
                    await database.MigrateAsync(stoppingToken);
                if (options.Value.AtStartup || await database.IsCurrentAsync(stoppingToken))
                {
                    schema.SetReady();
                    return;
                }
                LogOutdated();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotReady(e.Message);
            }
            await backOff.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not ready, trying again: {Reason}")]
    private partial void LogNotReady(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schema of the database is older than this release; waiting for its migration")]
    private partial void LogOutdated();
}
