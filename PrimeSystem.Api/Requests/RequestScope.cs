using System.Diagnostics;

namespace PrimeSystem.Api.Requests;

/// <summary>Has every log line and the span of a call to <c>…/{id}</c> say which request the call is about.</summary>
internal static class RequestScope
{
    private static readonly Func<ILogger, Guid, IDisposable?> AboutRequest = LoggerMessage.DefineScope<Guid>("request {RequestId}");

    public static void UseRequestScope(this WebApplication app)
    {
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestScope));
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
