using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api;

/// <summary>Bodies must come as they are. A compressed one is 415, with <c>Accept-Encoding</c> (RFC 9110, section 12.5.3): unpacked, it could exceed every limit.</summary>
internal static class ContentCodings
{
    private const string None = "identity";

    public static void UseContentCodings(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Headers.ContentEncoding.All(coding => string.Equals(coding, None, StringComparison.OrdinalIgnoreCase)))
            return next(context);
        context.Response.Headers.AcceptEncoding = None;
        return Problems.UnsupportedCoding(context.Request.Headers.ContentEncoding.ToString()).ExecuteAsync(context);
    });
}
