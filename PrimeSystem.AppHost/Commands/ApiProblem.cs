using System.Net;
using System.Text.Json;

namespace PrimeSystem.AppHost.Commands;

/// <summary>What the api says of a call that failed (RFC 9457), in the one sentence that the dashboard shows.</summary>
internal static class ApiProblem
{
    public static string Describe(HttpStatusCode status, string body)
    {
        try
        {
            JsonElement problem = JsonElement.Parse(body);
            if (problem.TryGetProperty("errors", out JsonElement errors))
                return string.Join(' ', errors.EnumerateObject().SelectMany(field => field.Value.EnumerateArray()).Select(error => error.GetString()));
            if (problem.TryGetProperty("detail", out JsonElement detail))
                return detail.GetString()!;
        }
        catch (JsonException)
        {
            // The status has to do.
        }
        return $"The api answered with {(int)status}.";
    }
}
