using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.WebPage;

/// <summary><c>GET /</c>: a word for programs, the page for browsers, which lies in <c>wwwroot</c> and needs nothing from elsewhere.</summary>
internal static class HomeEndpoint
{
    private const string PageFile = "index.html";

    /// <summary>Serves the page's files.</summary>
    public static void UsePage(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Prepare });

    public static void MapHome(this WebApplication app) => app.MapGet("/", Get).ExcludeFromDescription();

    private static IResult Get(HttpRequest request, IWebHostEnvironment environment)
    {
        bool isBrowser = request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!isBrowser)
            return TypedResults.Ok(new Greeting("healthy", "PrimeSystem"));
        headers.CacheControl = "no-cache";
        IFileInfo page = environment.WebRootFileProvider.GetFileInfo(PageFile);
        return TypedResults.PhysicalFile(page.PhysicalPath!, "text/html; charset=utf-8", lastModified: page.LastModified);
    }

    // A browser asks each time whether a file has changed, so that a new release is seen at once.
    private static void Prepare(StaticFileResponseContext context) => context.Context.Response.Headers.CacheControl = "no-cache";
}
