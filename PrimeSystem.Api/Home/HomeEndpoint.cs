using Microsoft.Net.Http.Headers;
using PrimeSystem.Api.Documentation;

namespace PrimeSystem.Api.Home;

/// <summary><c>GET /</c>: a word for programs, the page for browsers.</summary>
internal static class HomeEndpoint
{
    public static void MapHome(this WebApplication app) => app.MapGet("/", Get).ExcludeFromDescription();

    private static IResult Get(HttpRequest request)
    {
        bool isBrowser = request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return isBrowser ? TypedResults.Redirect(ApiDocumentation.Page) : TypedResults.Ok(new Greeting("healthy", "PrimeSystem"));
    }
}
