using System.Net.Http.Headers;
using PrimeSystem.AppHost.Extras;

namespace PrimeSystem.AppHost.Commands;

/// <summary>Signs the calls of the dashboard's commands.</summary>
internal static class Authorization
{
    /// <summary>Adds a token to a call, if the api demands one.</summary>
    public static async Task AuthorizeAsync(
        this IResourceBuilder<ProjectResource> api, HttpRequestMessage request, HttpClient http, CancellationToken cancellationToken)
    {
        if (api.Resource.TryGetLastAnnotation(out AccessTokens? tokens))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(http, cancellationToken));
    }
}
