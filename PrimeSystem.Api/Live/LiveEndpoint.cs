using System.ComponentModel;
using System.Globalization;
using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Live;

/// <summary>Watching a request as it is worked off, by WebSocket or Server-Sent Events: the same events on either.</summary>
internal static class LiveEndpoint
{
    /// <summary>What EventSource sends when it connects again: the id of the last event it got.</summary>
    private const string LastEventId = "Last-Event-ID";

    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LiveRequests>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveRequests>());
    }

    public static void MapLive(this RouteGroupBuilder api)
    {
        api.MapGet("/stream/{id}", WatchAsync)
            .WithTags("Requests").WithSummary("Watch a request by WebSocket or Server-Sent Events")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.EventStream)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status406NotAcceptable)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        // A WebSocket over HTTP/2 (RFC 8441).
        api.MapMethods("/stream/{id}", [HttpMethods.Connect], WatchAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> WatchAsync(
        Guid id,
        [Description("How many primes the watcher has already: those from this position on are sent. 0 unless said otherwise.")] int? after,
        HttpContext context, FieldRules rules, RequestAccess access, LiveRequests board, CancellationToken cancellationToken)
    {
        bool isWebSocket = context.WebSockets.IsWebSocketRequest;
        if (!isWebSocket && !TakesEvents(context.Request))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status406NotAcceptable, detail: "A request can be watched by WebSocket, or with Accept: text/event-stream.");
        }
        if (context.Request.Headers[LastEventId] is [{ Length: > 0 } last])
            after = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : -1;
        if (after < 0)
            return Problems.Invalid(rules.Broken("after"));
        if (!board.HasPlace)
            return Problems.Unavailable(context, $"This process has {board.Options.MaxWatchers} watchers already.");
        if (await board.ReadAsync(() => access.FindAsync(context.User, id, cancellationToken), cancellationToken) is not { } request)
            return Problems.UnknownRequest(id);
        if (after > request.Quantity)
            return Problems.Invalid(rules.Broken("after"));

        var stream = new RequestStream(board, request, after ?? 0, Authentication.BelievedUntil(context));
        if (!isWebSocket)
            return ServerSentWatch.Run(context, stream, board.Options);
        await WebSocketWatch.RunAsync(context, stream, board.Options, board.Stopping);
        return TypedResults.Empty;
    }

    private static bool TakesEvents(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> ranges = request.GetTypedHeaders().Accept;
        return ranges.Count == 0 || ranges.Any(range => range.Quality is not 0
            && (range.MatchesAllTypes || range.MediaType.Equals(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase)));
    }
}
