using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.Security;

/// <summary>Cross-origin access (CORS): pages of the origins in <c>Cors:Origins</c> may use the Api from a browser. By default none may.</summary>
internal static class CrossOrigin
{
    private const string Setting = "Cors:Origins";

    private static readonly string[] ExposedHeaders =
        [HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "api-supported-versions"];

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
