using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.Security;

/// <summary>Cross-origin access (CORS): pages of the origins in <c>Cors:Origins</c> may use the Api from a browser. By default none may.</summary>
internal static class CrossOrigin
{
    private const string Setting = "Cors:Origins";

    private static readonly string[] ExposedHeaders =
        [HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "Preference-Applied", "api-supported-versions"];

    /// <summary>
    /// Whether a WebSocket may be opened: browsers allow it to pages of all origins, and leave the decision to the server. Programs send no origin. The
    /// scheme is not compared, since a proxy may serve HTTPS.
    /// </summary>
    public static bool IsAllowed(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        return string.IsNullOrEmpty(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(context.Request.Host.Value, StringComparison.OrdinalIgnoreCase))
            || context.RequestServices.GetRequiredService<IConfiguration>().List(Setting)
                .Any(allowed => allowed == "*" || allowed.TrimEnd('/').Equals(origin, StringComparison.OrdinalIgnoreCase));
    }

    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.List(Setting) is { Length: > 0 } origins)
        {
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins(origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
                .AllowAnyHeader()
                .WithExposedHeaders(ExposedHeaders)
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Configuration.List(Setting).Length > 0)
            app.UseCors();
    }
}
