
namespace PrimeSystem.Api.Security;

/// <summary>
/// Logs each call of the Api in the category <c>PrimeSystem.Audit</c>: the client, the method, the route, the request and the status. Tokens, queries
/// and bodies are never logged. A standalone system without authentication has no audit log.
/// </summary>
internal static partial class AuditLog
{
    internal const string Category = "PrimeSystem.Audit";

    public static void UseAuditLog(this WebApplication app)
    {
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
                    LogCall(log, account, context.Request.Method, route, request, context.Response.StatusCode);
                    return Task.CompletedTask;
                });
            }
            return next(context);
        });
    }

    /// <summary>The request's id, from the route or, for a new request, from the answer; "-" when there is none.</summary>
    private static string IdOf(HttpContext context, object? routeValue)
    {
        string? text = routeValue as string ?? context.Response.Headers.Location.ToString().Split('/')[^1];
        return Guid.TryParse(text, out Guid id) ? id.ToString() : "-";
    }

    // A subject is text of the issuer. A line break in it must not look like another log line.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account}: {Method} {Route} {RequestId} was answered with {Status}")]
    private static partial void LogCall(ILogger log, string account, string method, string? route, string requestId, int status);
}
