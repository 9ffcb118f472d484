namespace PrimeSystem.Api.Security;

/// <summary>
/// Headers that tell browsers not to guess types, not to show answers in frames, not to send a referrer, and not to load or run anything that is not
/// ours (<see cref="ContentSecurityPolicy"/>).
/// </summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // Set when the answer starts, since an error clears headers that were set before it.
        context.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers.ContentSecurityPolicy = (context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityPolicy>() ?? ContentSecurityPolicy.Strict).Value;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
