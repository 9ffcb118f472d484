using System.Net.WebSockets;
using System.Text.Json;

namespace PrimeSystem.Tests.Api.Streaming;

/// <summary>A client that watches a request by WebSocket. It keeps the primes it receives, and checks that none is missing or repeated.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly MemoryStream _frame = new();
    private readonly byte[] _buffer = new byte[1 << 16];

    private Watcher(IEnumerable<string> primes) => Primes = [.. primes];

    public List<string> Primes { get; }

    public List<string> Types { get; } = [];

    public JsonElement Last { get; private set; }

    /// <summary>For each change, the time from just before its commit until it was received.</summary>
    public List<TimeSpan> Delays { get; } = [];

    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public string? Reason => _socket.CloseStatusDescription;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Connects, optionally as a client that already has some primes.</summary>
    public static async Task<Watcher> ConnectAsync(Uri server, Guid id, IReadOnlyCollection<string>? had = null, string? token = null)
    {
        var watcher = new Watcher(had ?? []);
        if (token is not null)
            watcher._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        string query = had is null ? "" : $"?after={had.Count}";
        await watcher._socket.ConnectAsync(new UriBuilder(new Uri(server, $"/api/stream/{id}{query}")) { Scheme = "ws" }.Uri, Cancellation);
        return watcher;
    }

    /// <summary>Reads one event.</summary>
    /// <returns>False when the server has closed.</returns>
    public async Task<bool> NextAsync()
    {
        _frame.SetLength(0);
        while (true)
        {
            WebSocketReceiveResult part = await _socket.ReceiveAsync(_buffer, Cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync();
                return false;
            }
            _frame.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage)
                break;
        }
        Last = JsonDocument.Parse(_frame.ToArray()).RootElement;
        Types.Add(Last.GetProperty("type").GetString()!);
        if (Types[^1] == "progress")
            Delays.Add(DateTimeOffset.UtcNow - Last.GetProperty("updated_at").GetDateTimeOffset());
        if (Types[^1] == "primes")
        {
            Assert.Equal(Primes.Count, Last.GetProperty("first").GetInt32());
            Primes.AddRange(Last.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!));
        }
        return true;
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task ToTheEndAsync()
    {
        while (await NextAsync())
        {
        }
    }

    /// <summary>Disconnects without closing, like a phone in a tunnel.</summary>
    public void Abort() => _socket.Abort();

    private async Task AnswerCloseAsync()
    {
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        }
        catch (WebSocketException)
        {
            // The server waits for the answer for a moment only; all was said.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _frame.Dispose();
    }
}
