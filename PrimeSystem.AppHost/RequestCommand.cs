using System.Net.Http.Headers;
using System.Net.Http.Json;
using PrimeSystem.AppHost.Extras;

namespace PrimeSystem.AppHost;

/// <summary>What a person wants to do first on the dashboard: ask for primes and watch the workers find them.</summary>
internal static class RequestCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "request-primes";

    /// <summary>Asks the api for ten primes of 300 digits; the answer, with the request's id, is shown on the dashboard.</summary>
    public static IResourceBuilder<ProjectResource> WithRequestCommand(this IResourceBuilder<ProjectResource> api) =>
        api.WithHttpCommand("/api/new", "Request 10 primes", endpointName: Service.Http, commandName: Name, commandOptions: new HttpCommandOptions
        {
            Description = "Asks for 10 random primes of 300 digits.",
            IconName = "NumberSymbolSquare",
            IsHighlighted = true,
            ResultMode = HttpCommandResultMode.Json,
            PrepareRequest = async context =>
            {
                context.Request.Content = JsonContent.Create(new { quantity = 10, digits = 300 });
                if (api.Resource.TryGetLastAnnotation(out AccessTokens? tokens))
                    context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(context.HttpClient, context.CancellationToken));
            },
        });
}
