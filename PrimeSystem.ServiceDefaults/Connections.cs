using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;
#if !USE_ASPIRE
using Microsoft.Extensions.Logging;
#endif

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// The clients of PostgreSQL, RabbitMQ and Redis, for the connection strings that are there. This is the one file that knows whether Aspire's client
/// integrations register them (<c>UseAspire</c>, the default) or we do from the same libraries. Both ways register <see cref="NpgsqlDataSource"/> and
/// <see cref="IConnectionFactory"/>, the trace source and the meter <c>Npgsql</c>. Health checks are our own, and so are the traces of messages: the
/// RabbitMQ client's would replace the context that travels in their headers.
/// Nobody is to resolve <see cref="IConnection"/>: Aspire's blocks for half a minute while the broker is away.
/// </summary>
public static class Connections
{
    /// <summary>Statements that each connection keeps prepared: all that the system uses.</summary>
    private const int PreparedStatements = 64;

    /// <summary>Connections of a process at most, unless the connection string says otherwise: several processes are to fit into PostgreSQL's 100.</summary>
    private const int PoolSize = 30;

    /// <summary>Npgsql's own default.</summary>
    private const int UnsetPoolSize = 100;

    /// <summary>Registers the clients.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="database">Name of the connection string of PostgreSQL.</param>
    /// <param name="broker">Name of the connection string of RabbitMQ.</param>
    public static IHostApplicationBuilder AddConnections(this IHostApplicationBuilder builder, string database, string broker)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(database)))
            builder.AddDatabase(database);
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(broker)))
            builder.AddBroker(broker);
        return builder;
    }

    /// <summary>
    /// Registers Redis as the distributed cache, where its connection string is there. A cache must never cost more than what it saves: what it does not
    /// answer at once, or while it is away, counts as not found.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="cache">Name of the connection string of Redis.</param>
    public static IHostApplicationBuilder AddSharedCache(this IHostApplicationBuilder builder, string cache)
    {
        if (builder.Configuration.GetConnectionString(cache) is not { Length: > 0 } connectionString)
            return builder;
        builder.Services.AddStackExchangeRedisCache(options =>
        {
            options.InstanceName = "primes:";
            options.ConfigurationOptions = ConfigurationOptions.Parse(connectionString);
            options.ConfigurationOptions.AbortOnConnectFail = false;
            options.ConfigurationOptions.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConfigurationOptions.ConnectTimeout = 1_000;
            options.ConfigurationOptions.AsyncTimeout = 500;
            options.ConfigurationOptions.SyncTimeout = 500;
        });
        return builder;
    }

    private static void Configure(NpgsqlDataSourceBuilder dataSource, string name)
    {
        // Metrics and traces name the pool by this; it would be the connection string.
        dataSource.Name = name;
        // What nobody's call or batch is waiting for is not worth a trace of its own, such as a look for lost requests every few seconds.
        dataSource.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null).ConfigureBatchFilter(_ => Activity.Current is not null)
            .EnablePhysicalOpenTracing(false).EnableFirstResponseEvent(false));
        dataSource.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        if (dataSource.ConnectionStringBuilder.MaxPoolSize == UnsetPoolSize)
            dataSource.ConnectionStringBuilder.MaxPoolSize = PoolSize;
        // A connection that only listens would not notice that the other end is gone.
        dataSource.ConnectionStringBuilder.KeepAlive = 30;
    }

    /// <summary>Lost connections are opened anew by those who use them, who know what is to be done again then.</summary>
    private static void Configure(ConnectionFactory factory) => factory.AutomaticRecoveryEnabled = false;

#if USE_ASPIRE
    private static void AddDatabase(this IHostApplicationBuilder builder, string name) =>
        builder.AddNpgsqlDataSource(name, settings => settings.DisableHealthChecks = true, dataSource => Configure(dataSource, name));

    private static void AddBroker(this IHostApplicationBuilder builder, string name) =>
        builder.AddRabbitMQClient(name, settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true), Configure);
#else
    private static void AddDatabase(this IHostApplicationBuilder builder, string name)
    {
        builder.Services.AddSingleton(provider =>
        {
            var dataSource = new NpgsqlDataSourceBuilder(builder.Configuration.GetConnectionString(name));
            dataSource.UseLoggerFactory(provider.GetService<ILoggerFactory>());
            Configure(dataSource, name);
            return dataSource.Build();
        });
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddNpgsql())
            .WithMetrics(metrics => metrics.AddMeter("Npgsql"));
    }

    private static void AddBroker(this IHostApplicationBuilder builder, string name) => builder.Services.AddSingleton<IConnectionFactory>(_ =>
    {
        var factory = new ConnectionFactory { Uri = new Uri(builder.Configuration.GetConnectionString(name)!) };
        Configure(factory);
        return factory;
    });
#endif
}
