using System.Net.WebSockets;

namespace PrimeSystem.Api.Streaming;

/// <summary>Events as text frames of a WebSocket. It closes with a reason: 1000 at the end, 1001 when the process stops, 1008 on a slow watcher.</summary>
internal static class WebSocketWatch
{
    /// <summary>The status with which a WebSocket closes whose token has expired.</summary>
    public const WebSocketCloseStatus Expired = (WebSocketCloseStatus)4401;

    /// <summary>The status with which a WebSocket closes whose request was deleted; 4000 to 4999 are for applications (RFC 6455, section 7.4.2).</summary>
    public const WebSocketCloseStatus Deleted = (WebSocketCloseStatus)4404;

    /// <summary>How long a process that stops waits for a watcher to say goodbye.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(HttpContext context, RequestStream stream, LiveOptions options, CancellationToken stopping)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = options.KeepAliveEvery, KeepAliveTimeout = options.SendWithin });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task listening = ListenAsync(socket, gone);
        (WebSocketCloseStatus status, string reason) = await SendAsync(socket, stream, options, gone.Token);
        // What is cut off here a slow watcher would never read, the end and the reason included.
        using var patience = new CancellationTokenSource(options.SendWithin);
        await using CancellationTokenRegistration hurry = stopping.Register(() => patience.CancelAfter(LeaveWithin));
        try
        {
            // This waits behind a frame that is stuck.
            await socket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(patience.Token);
            await listening.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    private static async Task<(WebSocketCloseStatus Status, string Reason)> SendAsync(
        WebSocket socket, RequestStream stream, LiveOptions options, CancellationToken gone)
    {
        try
        {
            await foreach (StreamEvent told in stream.WithCancellation(gone))
            {
                // Cancelling a send would abort the connection, and the watcher would never learn why.
                await socket.SendAsync(told.Json, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WaitAsync(options.SendWithin, gone);
            }
        }
        catch (TimeoutException)
        {
            return (WebSocketCloseStatus.PolicyViolation, "Too slow: an event was not taken in time. Connect again with ?after=.");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The watcher is gone.
        }
        return stream.Ending switch
        {
            StreamEnding.Deleted => (Deleted, "The request was deleted."),
            StreamEnding.Expired => (Expired, "The token has expired. Connect again with a new one and ?after=."),
            StreamEnding.Stopping => (WebSocketCloseStatus.EndpointUnavailable, "The service is stopping. Connect again with ?after=."),
            StreamEnding.Completed => (WebSocketCloseStatus.NormalClosure, "The request has ended."),
            _ => (WebSocketCloseStatus.NormalClosure, ""),
        };
    }

    /// <summary>Watchers have nothing to say but that they go; whatever they send is thrown away.</summary>
    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource gone)
    {
        byte[] buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // The connection broke.
        }
        catch (OperationCanceledException)
        {
            // It was aborted.
        }
        await gone.CancelAsync();
    }
}
