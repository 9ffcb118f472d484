using Microsoft.OpenApi;
using PrimeSystem.Api.Security;
using Scalar.AspNetCore;

namespace PrimeSystem.Api.Documentation;

/// <summary>The contract as OpenAPI (<c>/openapi/v1.json</c>) and as a page to browse and try (<c>/docs</c>), served from this process's own files.</summary>
internal static class ApiDocumentation
{
    public const string Page = "/docs";

    private const string Bearer = "bearer";

    public static void AddDocumentation(this WebApplicationBuilder builder) => builder.Services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer<RequestSchema>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "PrimeSystem";
            document.Info.Version = "v1";
            document.Info.Description = "Large primes as a service: ask for a quantity and a number of digits, watch the progress, fetch the primes.";
            if (Authentication.IsConfigured(builder.Configuration))
                DemandToken(document);
            return Task.CompletedTask;
        });
    });

    private static void DemandToken(OpenApiDocument document)
    {
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = $"A token with the scopes {Scopes.Read} and {Scopes.Write}; {Scopes.Admin} is for the requests of everybody.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference(Page, options =>
        {
            options.Title = "PrimeSystem";
            // Nothing on the page reaches out to other hosts.
            options.DisableDefaultFonts().HideDeveloperTools().DisableAgent().DisableMcp().DisableTelemetry();
            options.HideClientButton = true;
        });
    }
}
