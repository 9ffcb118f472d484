using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PrimeSystem.ServiceDefaults;
using PrimeSystem.TestServers;
using RabbitMQ.Client;

namespace PrimeSystem.Tests.ServiceDefaults;

/// <summary>The clients that a process gets for its connection strings.</summary>
public sealed class ConnectionsTests : IDisposable
{
    private readonly IHost _host;
    private readonly int _nobody = FreePort.Next();

    public ConnectionsTests() => _host = Build($"Host=127.0.0.1;Port={_nobody};Username=u;Password=p;Database=d", $"amqp://u:p@127.0.0.1:{_nobody}");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_database_is_one_data_source_that_prepares_statements_and_notices_dead_connections()
    {
        var dataSource = _host.Services.GetRequiredService<NpgsqlDataSource>();

        Assert.Same(dataSource, _host.Services.GetRequiredService<NpgsqlDataSource>());
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        Assert.Equal(("127.0.0.1", _nobody, "d"), (settings.Host, settings.Port, settings.Database));
        Assert.Equal(64, settings.MaxAutoPrepare);
        Assert.Equal(30, settings.KeepAlive);
    }

    [Fact]
    public void The_broker_is_one_factory_of_connections_that_do_not_recover_by_themselves()
    {
        var factory = Assert.IsType<ConnectionFactory>(_host.Services.GetRequiredService<IConnectionFactory>());

        Assert.Same(factory, _host.Services.GetRequiredService<IConnectionFactory>());
        Assert.Equal(("127.0.0.1", _nobody, "u", "p"), (factory.HostName, factory.Port, factory.UserName, factory.Password));
        Assert.False(factory.AutomaticRecoveryEnabled);
    }

    [Fact]
    public async Task Nothing_connects_before_it_is_asked_to()
    {
        // Nobody listens there: whatever connected at the start would wait or fail.
        await _host.StartAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await _host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Health_checks_are_left_to_those_who_know_what_an_outage_means() =>
        Assert.Empty(_host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);

    /// <summary>Messages carry the context of our own spans, which those of the broker's client would replace.</summary>
    [Theory]
    [InlineData("Npgsql", true)]
    [InlineData("RabbitMQ.Client.Publisher", false)]
    [InlineData("RabbitMQ.Client.Subscriber", false)]
    [InlineData("Aspire.RabbitMQ.Client", false)]
    public void Traces_of_the_database_client_are_collected_and_the_brokers_are_ours(string name, bool collected)
    {
        var seen = new SeenActivities();
        using IHost host = Build("Host=h", "amqp://h", services => services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(seen)));
        host.Services.GetRequiredService<TracerProvider>();
        using var source = new ActivitySource(name);

        source.StartActivity("probe")?.Dispose();

        Assert.Equal(collected ? [name] : [], seen.Sources);
    }

    [Theory]
    [InlineData("Npgsql", true)]
    [InlineData("Somebody.Else", false)]
    public void Metrics_of_the_database_client_are_collected(string name, bool collected)
    {
        var seen = new SeenMetrics();
        using IHost host = Build("Host=h", "amqp://h", services =>
            services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(new BaseExportingMetricReader(seen))));
        var provider = host.Services.GetRequiredService<MeterProvider>();
        using var meter = new Meter(name);

        meter.CreateCounter<int>("probe").Add(1);
        provider.ForceFlush();

        Assert.Equal(collected, seen.Meters.Contains(name));
    }

    [Fact]
    public void Without_connection_strings_nothing_is_registered()
    {
        using IHost host = Build(null, " ");

        Assert.Null(host.Services.GetService<NpgsqlDataSource>());
        Assert.Null(host.Services.GetService<IConnectionFactory>());
    }

    private static IHost Build(string? database, string? broker, Action<IServiceCollection>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:primes"] = database,
            ["ConnectionStrings:messaging"] = broker,
        });
        builder.AddConnections("primes", "messaging");
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class SeenActivities : BaseProcessor<Activity>
    {
        public List<string> Sources { get; } = [];

        public override void OnEnd(Activity data)
        {
            if (data.OperationName == "probe")
                Sources.Add(data.Source.Name);
        }
    }

    private sealed class SeenMetrics : BaseExporter<Metric>
    {
        public HashSet<string> Meters { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                if (metric.Name == "probe")
                    Meters.Add(metric.MeterName);
            }
            return ExportResult.Success;
        }
    }
}
