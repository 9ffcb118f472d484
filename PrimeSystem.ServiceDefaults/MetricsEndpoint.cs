using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// <c>/metrics</c>, for Prometheus to read. Where a process can be reached from the internet the metrics get an address of their own, which is then not
/// published. Which of its addresses was meant is told by the port that a connection came in on, not by a header, which its client chooses.
/// <list type="table">
/// <item><term><c>Metrics:Url</c></term><description>An address, such as <c>http://+:9464</c>, at which the process listens as well; there is nothing else
/// there, and no <c>/metrics</c> anywhere else.</description></item>
/// <item><term><c>Metrics:Enabled</c></term><description>Without an address of its own: whether <c>/metrics</c> is served beside all else.</description></item>
/// </list>
/// </summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>Whether the metrics are to be read at all.</summary>
    public static bool IsServed(IConfiguration configuration) => Url(configuration) is not null || IsWithAllElse(configuration);

    /// <summary>Has the process listen at the address of its metrics, beside those it has.</summary>
    public static void AddMetricsAddress(this IHostApplicationBuilder builder)
    {
        if (Url(builder.Configuration) is not { } url)
            return;
        builder.Services.AddSingleton<IStartupFilter>(new OwnAddress(PortOf(url)));
        string? ports = builder.Configuration[WebHostDefaults.HttpPortsKey];
        string others = builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls ? urls
            : string.IsNullOrWhiteSpace(ports) ? "http://localhost:5000"
            : string.Join(';', ports.Split(';').Select(port => $"http://+:{port}"));
        builder.Configuration[WebHostDefaults.ServerUrlsKey] = $"{others};{url}";
    }

    /// <summary>Serves the metrics beside all else, where the configuration says so.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (Url(app.Configuration) is null && IsWithAllElse(app.Configuration))
            app.MapPrometheusScrapingEndpoint(Path).WithMetadata(HealthEndpoints.ReadOnly).DisableHttpMetrics();
    }

    private static string? Url(IConfiguration configuration) => configuration["Metrics:Url"] is { Length: > 0 } url ? url : null;

    private static bool IsWithAllElse(IConfiguration configuration) => configuration.GetValue<bool>("Metrics:Enabled");

    private static int PortOf(string url)
    {
        BindingAddress? address = null;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            // Said below, in our words.
        }
        return address is { Port: > 0, IsUnixPipe: false }
            ? address.Port
            : throw new InvalidOperationException($"Metrics:Url must be an address, such as http://+:9464; it is '{url}'.");
    }

    /// <summary>Comes before all else, so that nothing of it reaches this address: no routes, no sign-in, no limits.</summary>
    private sealed class OwnAddress(int port) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.MapWhen(context => context.Connection.LocalPort == port, metrics =>
            {
                metrics.Use((context, scrape) =>
                {
                    if (context.Features.Get<IHttpMetricsTagsFeature>() is { } own)
                        own.MetricsDisabled = true;
                    return scrape(context);
                });
                metrics.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
            });
            next(app);
        };
    }
}
