using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// Logs, metrics and traces by OpenTelemetry. They leave the process where an OTLP endpoint is configured, the metrics also by
/// <see cref="MetricsEndpoint"/>. All else is in OpenTelemetry's own environment variables, such as <c>OTEL_TRACES_SAMPLER</c>.
/// </summary>
internal static class Telemetry
{
    /// <summary>The name of the system's own meter and trace source.</summary>
    private const string Own = "PrimeSystem";

    /// <summary>Combinations of labels for each metric, for which memory is set aside; several times what there are. 2,000, the default, cost 8 MB.</summary>
    private const int Series = 300;

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        bool hasEndpoint = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (hasEndpoint)
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            });
        }
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
                    resource.AddService(builder.Environment.ApplicationName, serviceVersion: Version);
            })
            .WithMetrics(metrics =>
            {
                metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(Own);
                metrics.AddView("*", new MetricStreamConfiguration { CardinalityLimit = Series });
                if (MetricsEndpoint.IsServed(builder.Configuration))
                    metrics.AddPrometheusExporter();
            })
            .WithTracing(tracing =>
            {
                tracing
                    .AddSource(Own)
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !HealthEndpoints.IsProbe(context.Request.Path))
                    .AddHttpClientInstrumentation();
                // Otherwise every span would be recorded for nobody.
                if (!hasEndpoint)
                    tracing.SetSampler(new AlwaysOffSampler());
            });
        if (hasEndpoint)
            telemetry.UseOtlpExporter();
    }

    private static string? Version => Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
