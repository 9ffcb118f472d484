using System.Net.Http.Json;
using System.Text.Json;

namespace PrimeSystem.AppHost.Extras;

/// <summary>Where the dashboard's commands get a token if the api demands one: from its identity provider, by the client's own credentials.</summary>
internal sealed class AccessTokens(ReferenceExpression authority, string client, ParameterResource secret) : IResourceAnnotation
{
    /// <summary>A new token.</summary>
    /// <exception cref="HttpRequestException">The provider issued none.</exception>
    public async Task<string> GetAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = await secret.GetValueAsync(cancellationToken) ?? "",
        });
        using HttpResponseMessage answer =
            await http.PostAsync(new Uri($"{await authority.GetValueAsync(cancellationToken)}/protocol/openid-connect/token"), form, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("access_token").GetString()!;
    }
}
