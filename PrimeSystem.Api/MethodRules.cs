using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api;

/// <summary>
/// The methods that every address has (RFC 9110, section 9.3): HEAD is answered like GET, without the body; OPTIONS is answered with <c>Allow</c>. Any
/// other method that an address does not have is 405, with <c>Allow</c>.
/// </summary>
internal static class MethodRules
{
    /// <summary>Routes calls. It comes after what answers errors, and before what needs the endpoint.</summary>
    public static void UseMethodRules(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false } response)
                AnswerUnsupported(context.Request, response);
        });
        // Routed like GET, but left as HEAD for whoever can save the work of a body. The server itself does not send one.
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Request.Method = HttpMethods.Get;
                context.Items[typeof(MethodRules)] = HttpMethods.Head;
            }
            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Items.TryGetValue(typeof(MethodRules), out object? head))
                context.Request.Method = (string)head!;
            return next(context);
        });
    }

    private static void AnswerUnsupported(HttpRequest request, HttpResponse response)
    {
        string[] known = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        string[] allowed = [.. known.SelectMany(method => HttpMethods.IsGet(method) ? [method, HttpMethods.Head] : new[] { method }), HttpMethods.Options];
        response.Headers.Allow = string.Join(", ", allowed.Distinct());
        if (HttpMethods.IsOptions(request.Method))
            response.StatusCode = StatusCodes.Status204NoContent;
    }
}
