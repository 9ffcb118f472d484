using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace PrimeSystem.Api.Streaming;

/// <summary>Sends events as Server-Sent Events: <c>event</c> is the type, <c>id</c> the position, which EventSource sends back when it reconnects.</summary>
internal static class ServerSentEventStream
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    /// <summary>The headers of a stream, without events: the answer to HEAD.</summary>
    public static IResult Empty => TypedResults.ServerSentEvents(AsyncEnumerable.Empty<SseItem<byte[]>>());

    public static IResult Create(HttpContext context, RequestEvents events, StreamOptions options)
    {
        // The framework says that the stream is not compressed; "identity" is no coding that may be named there (RFC 9110, section 8.4.1).
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.ContentEncoding = default;
            return Task.CompletedTask;
        });
        return TypedResults.ServerSentEvents(ItemsAsync(context, events, options, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> ItemsAsync(
        HttpContext context, RequestEvents events, StreamOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // An event is being sent from when it is yielded until the next one is requested.
        await using var sendLimit = new Timer(_ => context.Abort());
        await foreach (StreamEvent next in events.WithCancellation(cancellationToken))
        {
            sendLimit.Change(options.SendWithin, Timeout.InfiniteTimeSpan);
            yield return new SseItem<byte[]>(next.Json, next.Type)
            {
                EventId = next.Id,
                ReconnectionInterval = next.Type == "snapshot" ? ReconnectAfter : null,
            };
            sendLimit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
