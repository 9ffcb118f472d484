using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PrimeSystem.ServiceDefaults;

/// <summary>What every process of the system needs, and nothing of its domain.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds logs and telemetry, health, service discovery and resilience, and the time to stop in good order.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="logsForPeople">Whether people read what it prints in production as well.</param>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, bool logsForPeople = false)
    {
        builder.AddStartup();
        builder.AddConsoleLogs(logsForPeople);
        builder.AddTelemetry();
        builder.AddMetricsAddress();
        builder.Services.AddHealthChecks();
        // Each part logs its outages itself, once. The framework would repeat them with every probe.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = TimeSpan.FromSeconds(30);
            // One slow download must not use up the time in which workers hand back.
            options.ServicesStopConcurrently = true;
        });
        return builder;
    }

    /// <summary>Maps what probes and Prometheus ask for.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.WatchStartup();
        app.MapHealthEndpoints();
        app.MapMetrics();
        return app;
    }
}
