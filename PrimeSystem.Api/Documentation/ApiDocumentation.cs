using Microsoft.OpenApi;
using PrimeSystem.Api.Security;
using Scalar.AspNetCore;

namespace PrimeSystem.Api.Documentation;

/// <summary>The contract as an OpenAPI document (<c>/openapi/v1.json</c>) and as a page to browse and try it (<c>/docs</c>), served without other hosts.</summary>
internal static class ApiDocumentation
{
    private const string Bearer = "bearer";

    public static void AddDocumentation(this WebApplicationBuilder builder) => builder.Services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer<RequestSchema>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "PrimeSystem";
            document.Info.Version = "v1";
            document.Info.Description = "Large primes as a service: request primes of a given number of digits, watch the progress, fetch the primes.";
            if (Authentication.IsConfigured(builder.Configuration))
                RequireToken(document);
            return Task.CompletedTask;
        });
    });

    private static void RequireToken(OpenApiDocument document)
    {
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = $"A token with the scopes {Scopes.Read} and {Scopes.Write}. {Scopes.Admin} permits both for the requests of all users.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", options =>
        {
            options.Title = "PrimeSystem";
            // The page calls no other host.
            options.DisableDefaultFonts().HideDeveloperTools().DisableAgent().DisableMcp().DisableTelemetry();
            options.HideClientButton = true;
        }).WithMetadata(ContentSecurityPolicy.AllowingInline);
    }
}
