using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace PrimeSystem.Api.Streaming;

/// <summary>Events as Server-Sent Events: <c>event</c> is the type, <c>id</c> the position, which EventSource sends back when it connects again.</summary>
internal static class ServerSentWatch
{
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    public static IResult Run(HttpContext context, RequestStream stream, LiveOptions options) =>
        TypedResults.ServerSentEvents(ItemsAsync(context, stream, options, context.RequestAborted));

    private static async IAsyncEnumerable<SseItem<byte[]>> ItemsAsync(
        HttpContext context, RequestStream stream, LiveOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // From when an event is handed over until the next is asked for, it is being sent.
        await using var slow = new Timer(_ => context.Abort());
        await foreach (StreamEvent told in stream.WithCancellation(cancellationToken))
        {
            slow.Change(options.SendWithin, Timeout.InfiniteTimeSpan);
            yield return new SseItem<byte[]>(told.Json, told.Type)
            {
                EventId = told.Position.ToString(CultureInfo.InvariantCulture),
                ReconnectionInterval = told.Type == "snapshot" ? ConnectAgainAfter : null,
            };
            slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
