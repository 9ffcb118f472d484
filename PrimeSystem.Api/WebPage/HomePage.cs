using System.Net.Mime;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.WebPage;

/// <summary><c>GET /</c>: the web page for browsers, a greeting for programs. The page's files are in <c>wwwroot</c>; it loads nothing from other hosts.</summary>
internal static class HomePage
{
    private const string PageFile = "index.html";

    // Browsers ask each time whether a file has changed, so that a new release shows at once.
    private const string AlwaysRevalidate = "no-cache";

    /// <summary>Serves the page's files.</summary>
    public static void UsePageFiles(this WebApplication app) => app.UseStaticFiles(
        new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = AlwaysRevalidate });

    public static void MapHomePage(this WebApplication app) => app.MapGet("/", Get).ExcludeFromDescription();

    private static IResult Get(HttpRequest request, IWebHostEnvironment environment)
    {
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (request.PreferredMediaType(MediaTypeNames.Application.Json, MediaTypeNames.Text.Html) != MediaTypeNames.Text.Html)
            return TypedResults.Ok(new Greeting("healthy", "PrimeSystem"));
        headers.CacheControl = AlwaysRevalidate;
        IFileInfo page = environment.WebRootFileProvider.GetFileInfo(PageFile);
        return TypedResults.PhysicalFile(page.PhysicalPath!, "text/html; charset=utf-8", lastModified: page.LastModified);
    }
}
