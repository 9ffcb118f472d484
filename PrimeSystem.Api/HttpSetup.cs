using System.Text.Json;
using System.Text.Json.Serialization;
using Asp.Versioning;
using Asp.Versioning.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Results;
using PrimeSystem.Api.Security;

namespace PrimeSystem.Api;

/// <summary>HTTP for all endpoints: JSON, limits, compression and versions.</summary>
internal static class HttpSetup
{
    private static readonly ApiVersion Version1 = new(1, 0);

    private static readonly MinDataRate SlowestClient = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = FieldRules.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            // A client that sends or reads a byte now and then cannot hold a connection for long.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = SlowestClient;
            kestrel.Limits.MinResponseDataRate = SlowestClient;
        });
        builder.Services.AddApiVersioning(options =>
        {
            options.DefaultApiVersion = Version1;
            options.AssumeDefaultVersionWhenUnspecified = true;
            options.ReportApiVersions = true;
            options.ApiVersionReader = new UrlSegmentApiVersionReader();
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

    /// <summary>Maps endpoints under <c>/api/v1</c> and under <c>/api</c>, which is version 1 and stays so.</summary>
    /// <param name="app">The Api.</param>
    /// <param name="scope">The scope that a token must have.</param>
    /// <param name="map">Maps the endpoints.</param>
    public static void MapApi(this WebApplication app, string scope, Action<RouteGroupBuilder> map)
    {
        IVersionedEndpointRouteBuilder versioned = app.NewVersionedApi();
        map(Guard(versioned.MapGroup("/api")));
        map(Guard(versioned.MapGroup("/api/v{version:apiVersion}")).ExcludeFromDescription());

        RouteGroupBuilder Guard(RouteGroupBuilder group)
        {
            if (Authentication.IsConfigured(app.Configuration))
                group.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
            return group.HasApiVersion(Version1).RequireAuthorization(scope).ProducesProblem(StatusCodes.Status429TooManyRequests)
                .AddEndpointFilter(Freshness.ForbidStoringAsync).CheckArguments();
        }
    }
}
