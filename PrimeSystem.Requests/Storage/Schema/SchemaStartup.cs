using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Requests.Storage.Schema;

/// <summary>
/// Migrates the schema when the process starts, or waits until it is migrated. It retries in the background until it succeeds, so that an Api whose
/// database is down starts and reports that.
/// </summary>
internal sealed partial class SchemaStartup(
    ISqlDatabase database, SchemaState schema, IOptions<MigrationOptions> options, TimeProvider time, ILogger<SchemaStartup> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("PrimeSystem");
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(3);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        // If the database answers, the process is ready before it listens.
        await Task.WhenAny(ExecuteTask!, Task.Delay(FirstTry, time, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await BackOff.RetryAsync(PrepareAsync, time, stoppingToken, e => LogNotReady(e.Message));
        schema.SetReady();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using Activity? span = Source.StartActivity("prepare schema");
        if (options.Value.AtStartup)
            await database.MigrateAsync(cancellationToken);
        else if (!await database.IsCurrentAsync(cancellationToken))
            throw new StoreUnavailableException("The schema is older than this release needs; waiting for its migration.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not ready, retrying: {Reason}")]
    private partial void LogNotReady(string reason);
}
