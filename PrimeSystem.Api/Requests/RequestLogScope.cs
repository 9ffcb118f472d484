using System.Diagnostics;

namespace PrimeSystem.Api.Requests;

/// <summary>Adds the request's id to every log line and to the span of a call to <c>…/{id}</c>.</summary>
internal static class RequestLogScope
{
    private static readonly Func<ILogger, Guid, IDisposable?> AboutRequest = LoggerMessage.DefineScope<Guid>("request {RequestId}");

    public static void UseRequestLogScope(this WebApplication app)
    {
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestLogScope));
        app.Use(async (context, next) =>
        {
            if (!Guid.TryParse(context.GetRouteValue("id") as string, out Guid id))
            {
                await next(context);
                return;
            }
            Activity.Current?.SetTag("primesystem.request.id", id.ToString());
            using (AboutRequest(log, id))
                await next(context);
        });
    }
}
