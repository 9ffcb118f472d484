using System.ComponentModel;
using System.Globalization;
using System.Net.Mime;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Requests;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>Watching the progress of a request by WebSocket or Server-Sent Events. Both carry the same events.</summary>
internal static class StreamEndpoint
{
    /// <summary>The header in which EventSource, when it reconnects, sends the id of the last event it received.</summary>
    private const string LastEventId = "Last-Event-ID";

    public static void AddStreaming(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StreamOptions>().BindConfiguration(StreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<WatchedRequests>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WatchedRequests>());
        builder.Services.AddSingleton<IRequestWaiter, RequestWaiter>();
    }

    public static void MapStreaming(this RouteGroupBuilder api)
    {
        api.MapGet("/stream/{id}", WatchAsync)
            .WithTags("Requests").WithSummary("Watch a request by WebSocket or Server-Sent Events")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.EventStream)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status406NotAcceptable)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        // A WebSocket over HTTP/2 (RFC 8441).
        api.MapMethods("/stream/{id}", [HttpMethods.Connect], WatchAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> WatchAsync(
        Guid id,
        [Description("How many primes the client already has. The stream continues from this position; the default is 0.")] int? after,
        HttpContext context, FieldRules rules, RequestAccess access, WatchedRequests watched, CancellationToken cancellationToken)
    {
        bool isWebSocket = context.WebSockets.IsWebSocketRequest;
        if (!isWebSocket && context.Request.PreferredMediaType(MediaTypeNames.Text.EventStream) is null)
            return Problems.NotAcceptable("Open a WebSocket, or send Accept: text/event-stream.");
        if (isWebSocket && !CrossOrigin.IsAllowed(context))
            return Problems.ForeignOrigin(context.Request.Headers.Origin.ToString());
        if (watched.IsFull)
            return Problems.Unavailable(context, $"This process has reached its limit of {watched.Options.MaxWatchers} watchers.");
        if (await watched.ReadAsync(() => access.FindAsync(context.User, id, cancellationToken), cancellationToken) is not { } request)
            return Problems.UnknownRequest(id);
        string? lastId = context.Request.Headers[LastEventId];
        // EventSource reconnects whenever a stream ends, until it is answered with 204.
        if (lastId == StreamEvent.EndId && request.Status.IsEnded())
            return TypedResults.NoContent();
        int from = after ?? 0;
        if (!string.IsNullOrEmpty(lastId) && !int.TryParse(lastId, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            from = -1;
        if (from < 0 || from > request.Quantity)
            return Problems.Invalid(rules.Broken("after"));

        if (!isWebSocket && HttpMethods.IsHead(context.Request.Method))
            return ServerSentEventStream.Empty;
        var events = new RequestEvents(watched, request, from, Authentication.TokenExpiresAt(context));
        if (!isWebSocket)
            return ServerSentEventStream.Create(context, events, watched.Options);
        await WebSocketStream.RunAsync(context, events, watched.Options, watched.Stopping);
        return TypedResults.Empty;
    }
}
