using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using PrimeSystem.Primes;
using PrimeSystem.Requests.Accepting;
using PrimeSystem.Requests.Dispatching;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Processing;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Queue.InMemory;
using PrimeSystem.Requests.Queue.RabbitMq;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Storage.Postgres;
using PrimeSystem.Requests.Storage.Schema;
using PrimeSystem.Requests.Storage.Sql;
using PrimeSystem.Requests.Storage.Sqlite;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Requests.Hosting;

/// <summary>Composes the parts. Configuration alone decides where requests are stored and queued; everything else is the same code.</summary>
public static class RequestsHosting
{
    /// <summary>The name of the connection string of PostgreSQL.</summary>
    public const string Database = "primes";

    /// <summary>The name of the connection string of RabbitMQ.</summary>
    public const string Broker = "messaging";

    /// <summary>The tag of the health checks that decide whether a process receives requests.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Whether the system is standalone: one process, SQLite, a queue in memory.</summary>
    /// <exception cref="InvalidOperationException">Only one of the two connection strings is configured.</exception>
    public static bool IsStandalone(this IConfiguration configuration)
    {
        bool database = !string.IsNullOrWhiteSpace(configuration.GetConnectionString(Database));
        bool broker = !string.IsNullOrWhiteSpace(configuration.GetConnectionString(Broker));
        if (database == broker)
            return !database;
        (string there, string missing) = database ? (Database, Broker) : (Broker, Database);
        throw new InvalidOperationException(
            $"The connection string '{there}' is configured but '{missing}' is missing. Configure both for PostgreSQL and RabbitMQ, or neither for a standalone system.");
    }

    /// <summary>
    /// Adds what a process needs to accept requests: store, queue, dispatcher and sweeper. With connection strings, an <see cref="NpgsqlDataSource"/> and a
    /// RabbitMQ connection factory must be registered as well.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="withoutQueue">The health of the process without its queue.</param>
    public static IHostApplicationBuilder AddRequests(this IHostApplicationBuilder builder, HealthStatus withoutQueue)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<RequestLimits>().BindConfiguration(RequestLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkBudget>().BindConfiguration(WorkBudget.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FlowOptions>().BindConfiguration(FlowOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<QueueOptions>().BindConfiguration(QueueOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DataOptions>().BindConfiguration(DataOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MigrationOptions>().BindConfiguration(MigrationOptions.Section).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RequestRules>();
        services.AddSingleton<RequestService>();
        services.AddSingleton<FlowMetrics>();

        services.AddSingleton<SchemaState>();
        services.AddSingleton<StoreOutage>();
        services.AddSingleton<IRequestStore, SqlRequestStore>();
        services.AddSingleton<IWorkerRegistry, SqlWorkerRegistry>();
        services.AddHostedService<SchemaStartup>();
        if (builder.Configuration.IsStandalone())
            AddStandalone(services);
        else
            AddServers(services);

        services.AddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        services.AddSingleton<ISweep, RequestRescuer>();
        services.AddSingleton<ISweep, ExpirySweep>();
        services.AddSingleton<ISweep, PurgeSweep>();
        services.AddHostedService<Sweeper>();
        services.AddSingleton<QueueSampler>();
        services.AddHostedService<MetricsSampler>();
        services.AddHealthChecks()
            .Add(Answers<IRequestStore>("database", (store, cancellationToken) => store.PingAsync(cancellationToken)))
            .AddCheck<SchemaHealth>("schema", tags: [ReadyTag])
            .Add(Answers<QueueSampler>("queue", (queue, cancellationToken) => queue.ReadAsync(maxAge: TimeSpan.Zero, cancellationToken), withoutQueue));
        return builder;
    }

    /// <summary>Adds what a process needs to process requests: the consumers, and the watch over their searches.</summary>
    public static IHostApplicationBuilder AddRequestWorkers(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton(_ => new PrimeGenerator());
        services.AddSingleton<BatchSearch>();
        services.AddSingleton<SearchWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SearchWatch>());
        services.AddSingleton<Quarantine>();
        services.AddSingleton<BatchPublisher>();
        services.AddSingleton<BatchProcessor>();
        services.AddSingleton<IBatchHandler, BatchHandler>();
        services.AddHostedService<WorkerService>();
        services.AddHostedService<WorkerHeartbeat>();
        return builder;
    }

    /// <summary>Migrates the schema of the database. Processes that migrate at the same time take turns.</summary>
    public static Task MigrateAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<ISqlDatabase>().MigrateAsync(cancellationToken);

    private static HealthCheckRegistration Answers<T>(string name, Func<T, CancellationToken, Task> ask, HealthStatus? failure = null)
        where T : notnull => new(
            name, services => new ServerHealth(cancellationToken => ask(services.GetRequiredService<T>(), cancellationToken)), failure, tags: null,
            timeout: TimeSpan.FromSeconds(5));

    private static void AddStandalone(IServiceCollection services)
    {
        services.AddSingleton<ISqlDatabase, SqliteDatabase>();
        services.AddSingleton<IBatchQueue, InMemoryQueue>();
        services.AddSingleton<IRequestChanges, ChangeHub>();
    }

    private static void AddServers(IServiceCollection services)
    {
        services.AddSingleton<ISqlDatabase>(provider => new PostgresDatabase(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IOptions<MigrationOptions>>().Value.ConnectionString is { Length: > 0 } owner
                ? owner
                : provider.GetRequiredService<IConfiguration>().GetConnectionString(Database)!,
            provider.GetRequiredService<IOptions<MigrationOptions>>().Value.ServiceRole,
            provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        services.AddSingleton<IBatchQueue, RabbitMqQueue>();
        services.AddSingleton<PostgresChanges>();
        services.AddSingleton<IRequestChanges>(provider => provider.GetRequiredService<PostgresChanges>());
        services.AddHostedService(provider => provider.GetRequiredService<PostgresChanges>());
    }
}
