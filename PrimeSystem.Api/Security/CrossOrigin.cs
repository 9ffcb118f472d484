using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.Security;

/// <summary>Pages of other origins that may use the Api from a browser: those of <c>Cors:Origins</c>; none unless configured.</summary>
internal static class CrossOrigin
{
    private static readonly string[] Exposed =
        [HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "api-supported-versions"];

    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.List("Cors:Origins") is { Length: > 0 } origins)
        {
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins(origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
                .AllowAnyHeader()
                .WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Configuration.List("Cors:Origins").Length > 0)
            app.UseCors();
    }
}
