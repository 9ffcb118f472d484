using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api;

/// <summary>How long an answer is valid: <c>Cache-Control</c> and <c>Retry-After</c>.</summary>
internal static class Freshness
{
    private const string NoStore = "no-store";

    /// <summary>Requests that are not expensive end within about this many seconds.</summary>
    private const string Soon = "1";

    /// <summary>
    /// Forbids caches to keep the answers of a group, unless a handler says otherwise. Progress and lists differ from one second to the next and belong to
    /// one user, so that a copy would never be of use.
    /// </summary>
    public static ValueTask<object?> ForbidStoringAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        call.HttpContext.Response.Headers[HeaderNames.CacheControl] = NoStore;
        return next(call);
    }

    /// <summary>Tells a client that polls when to call again.</summary>
    public static void AskAgainSoon(this HttpResponse response) => response.Headers.RetryAfter = Soon;
}
