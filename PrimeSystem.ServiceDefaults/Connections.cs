using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// The clients of PostgreSQL, RabbitMQ and Redis, registered by Aspire's client integrations for the connection strings that are configured:
/// <see cref="NpgsqlDataSource"/>, <see cref="IConnectionFactory"/> and a distributed cache. Health checks are our own, and so are the traces of messages: the
/// RabbitMQ client's would replace the context that travels in the headers of ours.
/// Do not resolve <see cref="IConnection"/>: Aspire's blocks for half a minute while the broker is away.
/// </summary>
public static partial class Connections
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
    /// Registers Redis as the distributed cache, if its connection string is configured. A cache must never cost more than it saves: an answer that does not
    /// come within half a second, or while Redis is away, counts as not found.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="cache">Name of the connection string of Redis.</param>
    public static IHostApplicationBuilder AddSharedCache(this IHostApplicationBuilder builder, string cache)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(cache)))
            return builder;
        builder.AddRedisClient(cache, settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true), Configure);
        builder.Services.AddStackExchangeRedisCache(options => options.InstanceName = "primes:");
        builder.Services.AddOptions<RedisCacheOptions>().Configure<IServiceProvider>((options, services) =>
            options.ConnectionMultiplexerFactory = () => Task.FromResult(services.GetRequiredService<IConnectionMultiplexer>()));
        return builder;
    }

    private static void AddDatabase(this IHostApplicationBuilder builder, string name) =>
        builder.AddNpgsqlDataSource(name, settings => settings.DisableHealthChecks = true, dataSource => Configure(dataSource, name));

    private static void AddBroker(this IHostApplicationBuilder builder, string name) =>
        builder.AddRabbitMQClient(name, settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true), Configure);

    private static void Configure(NpgsqlDataSourceBuilder dataSource, string name)
    {
        // Metrics and traces name the pool by this; it would be the connection string.
        dataSource.Name = name;
        // A query is a step of a call or of a batch. What nobody waits for, such as the search for lost requests or a probe, makes no trace of its own.
        dataSource.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => IsPartOfTrace()).ConfigureBatchFilter(_ => IsPartOfTrace()).ConfigureCopyOperationFilter(_ => IsPartOfTrace())
            .ConfigureCommandSpanNameProvider(command => SpanNameOf(command.CommandText))
            .ConfigureBatchSpanNameProvider(batch => SpanNameOf(batch.BatchCommands[0].CommandText))
            .EnablePhysicalOpenTracing(false).EnableFirstResponseEvent(false));
        dataSource.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        if (dataSource.ConnectionStringBuilder.MaxPoolSize == UnsetPoolSize)
            dataSource.ConnectionStringBuilder.MaxPoolSize = PoolSize;
        // A connection that only listens would not notice that the other end is gone.
        dataSource.ConnectionStringBuilder.KeepAlive = 30;
    }

    /// <summary>The owner of a connection opens it again, since it knows what has to be done again.</summary>
    private static void Configure(ConnectionFactory factory) => factory.AutomaticRecoveryEnabled = false;

    private static bool IsPartOfTrace() => Activity.Current is { Recorded: true };

    /// <summary>What a statement does to which table, such as <c>INSERT batches</c>.</summary>
    private static string SpanNameOf(string statement)
    {
        string verb = Verb().Match(statement).Value;
        string table = Table().Match(statement).Groups[1].Value;
        return table.Length > 0 ? $"{verb} {table}" : verb;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\b(?:INTO|UPDATE|FROM)\s+(\w+)")]
    private static partial Regex Table();

    private static void Configure(ConfigurationOptions redis)
    {
        redis.AbortOnConnectFail = false;
        redis.BacklogPolicy = BacklogPolicy.FailFast;
        redis.ConnectTimeout = redis.AsyncTimeout = redis.SyncTimeout = 500;
    }
}
