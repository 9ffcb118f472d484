using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// Three questions, in every environment: <c>/alive</c>, does the process run; <c>/ready</c>, may it be sent requests; <c>/health</c>, how is each of
/// its parts.
/// </summary>
public static class HealthEndpoints
{
    private const string Alive = "/alive";
    private const string Ready = "/ready";
    private const string Health = "/health";

    /// <summary>The methods of what can only be read.</summary>
    internal static readonly HttpMethodMetadata ReadOnly = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Whether a call is a machine's that looks after the process, and not worth a trace.</summary>
    public static bool IsProbe(PathString path) => path == Alive || path == Ready || path == Health || path == MetricsEndpoint.Path;

    internal static void MapHealthEndpoints(this WebApplication app)
    {
        Map(app, Alive, _ => false);
        Map(app, Ready, check => check.Tags.Contains("ready"));
        Map(app, Health, _ => true);
    }

    private static void Map(WebApplication app, string path, Func<HealthCheckRegistration, bool> which) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = which, ResponseWriter = WriteAsync })
            .WithMetadata(ReadOnly).DisableHttpMetrics();

    /// <summary>A line for each part: <c>{"status": "degraded", "parts": {"queue": {"status": "degraded", "description": "…"}}}</c>.</summary>
    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("status", Name(report.Status));
        json.WriteStartObject("parts");
        foreach ((string part, HealthReportEntry entry) in report.Entries)
        {
            json.WriteStartObject(part);
            json.WriteString("status", Name(entry.Status));
            if (entry.Description is not null)
                json.WriteString("description", entry.Description);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}
