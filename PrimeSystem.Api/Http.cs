using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.ResponseCompression;
using PrimeSystem.Api.Results;

namespace PrimeSystem.Api;

/// <summary>How this Api speaks HTTP: its JSON, its limits, its prefixes.</summary>
internal static class Http
{
    /// <summary>Largest body of a request, in bytes.</summary>
    public const int MaxBodyBytes = 1 << 20;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            JsonSerializerOptions json = options.SerializerOptions;
            json.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.PropertyNameCaseInsensitive = false;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.AllowDuplicateProperties = false;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, .. ResultFormat.All.Select(format => format.MediaType)];
        });
    }

    /// <summary>Maps endpoints under <c>/api/v1</c> and, the same, under <c>/api</c>, which is version 1 and stays so.</summary>
    /// <param name="app">The Api.</param>
    /// <param name="scope">What a token has to permit for all of them.</param>
    /// <param name="map">Maps the endpoints.</param>
    public static void MapApi(this WebApplication app, string scope, Action<RouteGroupBuilder> map)
    {
        map(app.MapGroup("/api").RequireAuthorization(scope));
        map(app.MapGroup("/api/v1").RequireAuthorization(scope).ExcludeFromDescription());
    }
}
