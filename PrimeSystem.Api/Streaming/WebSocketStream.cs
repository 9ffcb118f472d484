using System.Net.WebSockets;

namespace PrimeSystem.Api.Streaming;

/// <summary>Sends events as text frames of a WebSocket, and closes it with a status and a reason.</summary>
internal static class WebSocketStream
{
    /// <summary>The close status when the client's token expired. 4000 to 4999 are for applications (RFC 6455, section 7.4.2).</summary>
    public const WebSocketCloseStatus Expired = (WebSocketCloseStatus)4401;

    /// <summary>The close status when the request was deleted.</summary>
    public const WebSocketCloseStatus Deleted = (WebSocketCloseStatus)4404;

    /// <summary>How long a stopping process waits for the client's close frame.</summary>
    private static readonly TimeSpan CloseWithinWhenStopping = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(HttpContext context, RequestEvents events, StreamOptions options, CancellationToken stopping)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = options.KeepAliveEvery, KeepAliveTimeout = options.SendWithin });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task receiving = ReceiveAsync(socket, gone);
        (WebSocketCloseStatus status, string reason) = await SendAsync(socket, events, options, gone.Token);
        // A client that is too slow to read within this time would not read the reason either.
        using var closing = new CancellationTokenSource(options.SendWithin);
        await using CancellationTokenRegistration registration = stopping.Register(() => closing.CancelAfter(CloseWithinWhenStopping));
        try
        {
            // This waits behind a frame that the client does not read.
            await socket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(closing.Token);
            await receiving.WaitAsync(closing.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    private static async Task<(WebSocketCloseStatus Status, string Reason)> SendAsync(
        WebSocket socket, RequestEvents events, StreamOptions options, CancellationToken gone)
    {
        try
        {
            await foreach (StreamEvent next in events.WithCancellation(gone))
            {
                // Cancelling a send would abort the connection, and the client would never learn why.
                await socket.SendAsync(next.Json, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WaitAsync(options.SendWithin, gone);
            }
        }
        catch (TimeoutException)
        {
            return (WebSocketCloseStatus.PolicyViolation, "Too slow: an event was not received in time. Reconnect with ?after=.");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client disconnected.
        }
        return events.Ending switch
        {
            StreamEnding.Deleted => (Deleted, "The request was deleted."),
            StreamEnding.Expired => (Expired, "The token has expired. Reconnect with a new one and ?after=."),
            StreamEnding.Stopping => (WebSocketCloseStatus.EndpointUnavailable, "The service is stopping. Reconnect with ?after=."),
            StreamEnding.Completed => (WebSocketCloseStatus.NormalClosure, "The request has ended."),
            _ => (WebSocketCloseStatus.NormalClosure, ""),
        };
    }

    /// <summary>Waits until the client closes the connection. Anything else it sends is ignored.</summary>
    private static async Task ReceiveAsync(WebSocket socket, CancellationTokenSource gone)
    {
        byte[] buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The connection broke or was aborted.
        }
        await gone.CancelAsync();
    }
}
