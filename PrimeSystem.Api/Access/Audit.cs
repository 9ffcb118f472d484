using PrimeSystem.Requests.Hosting;

namespace PrimeSystem.Api.Access;

/// <summary>
/// A line in the log, of the category <c>PrimeSystem.Audit</c>, for everything that was asked of the Api: who, what, of which request, and what became
/// of it. Never a token, a query or a body. It is kept wherever users sign in, and on servers.
/// </summary>
internal static partial class Audit
{
    private const string Category = "PrimeSystem.Audit";

    public static void UseAudit(this WebApplication app)
    {
        if (app.Configuration.IsStandalone() && !Authentication.IsConfigured(app.Configuration))
            return;
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        app.Use((context, next) =>
        {
            if (log.IsEnabled(LogLevel.Information) && context.GetEndpoint() is RouteEndpoint endpoint && context.Request.Path.StartsWithSegments("/api"))
            {
                string? route = endpoint.RoutePattern.RawText;
                object? id = context.GetRouteValue("id");
                context.Response.OnCompleted(() =>
                {
                    string account = Printable(ClientAccount.Of(context));
                    string request = IdOf(context, id);
                    LogAsked(log, account, context.Request.Method, route, request, context.Response.StatusCode);
                    return Task.CompletedTask;
                });
            }
            return next(context);
        });
    }

    /// <summary>The request's id, of the route or of the answer that names a new one; what is no id is not logged.</summary>
    private static string IdOf(HttpContext context, object? routeValue)
    {
        string? text = routeValue as string ?? context.Response.Headers.Location.ToString().Split('/')[^1];
        return Guid.TryParse(text, out Guid id) ? id.ToString() : "-";
    }

    // A subject is the issuer's text; a line break in it must not look like another line.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account}: {Method} {Route} {RequestId} was answered with {Status}")]
    private static partial void LogAsked(ILogger log, string account, string method, string? route, string requestId, int status);
}
