using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace PrimeSystem.AppHost.Commands;

/// <summary>The command that makes room: it deletes completed requests with their primes.</summary>
internal static class ClearCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "clear-completed";

    private const int PageSize = 100;

    /// <summary>Adds the command.</summary>
    public static IResourceBuilder<ProjectResource> WithClearCommand(this IResourceBuilder<ProjectResource> api) =>
        api.WithCommand(Name, "Clear completed requests", context => ExecuteAsync(api, context), new CommandOptions
        {
            Description = "Deletes all completed requests with their primes.",
            ConfirmationMessage = "Delete all completed requests with their primes? This cannot be undone.",
            IconName = "Delete",
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });

    private static async Task<ExecuteCommandResult> ExecuteAsync(IResourceBuilder<ProjectResource> api, ExecuteCommandContext context)
    {
        using HttpClient http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        http.BaseAddress = new Uri(api.GetEndpoint(Services.Http).Url);
        int cleared = 0;
        try
        {
            while (true)
            {
                using HttpResponseMessage list = await SendAsync(HttpMethod.Get, $"/api/requests?status=completed&limit={PageSize}");
                if (!list.IsSuccessStatusCode)
                    return await FailureAsync(list);
                string[] ids =
                [
                    .. (await list.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken)).GetProperty("requests").EnumerateArray()
                        .Select(request => request.GetProperty("request_id").GetString()!),
                ];
                if (ids.Length == 0)
                    return CommandResults.Success(cleared == 1 ? "1 request deleted." : string.Create(CultureInfo.InvariantCulture, $"{cleared} requests deleted."));
                foreach (string id in ids)
                {
                    using HttpResponseMessage purged = await SendAsync(HttpMethod.Delete, $"/api/requests/{id}?purge=true");
                    // Somebody else may have deleted it meanwhile.
                    if (!purged.IsSuccessStatusCode && purged.StatusCode != HttpStatusCode.NotFound)
                        return await FailureAsync(purged);
                    cleared += purged.IsSuccessStatusCode ? 1 : 0;
                }
            }
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure(e);
        }

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            await api.AuthorizeAsync(request, http, context.CancellationToken);
            return await http.SendAsync(request, context.CancellationToken);
        }

        async Task<ExecuteCommandResult> FailureAsync(HttpResponseMessage response) =>
            CommandResults.Failure(ApiProblem.Describe(response.StatusCode, await response.Content.ReadAsStringAsync(context.CancellationToken)));
    }
}
