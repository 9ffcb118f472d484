using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PrimeSystem.Cli.Remote;

/// <summary>A PrimeSystem server. Every call is tried again while the server is out of reach or asks for patience; none does harm when it comes twice.</summary>
internal sealed class PrimeServer : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Patience _patience;
    private readonly string _name;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="address">Where the server is, with the path it is mounted under, if any.</param>
    /// <param name="token">A bearer token, if the server wants one.</param>
    /// <param name="limit">How long to wait for a server that does not answer.</param>
    /// <param name="say">Tells the user what keeps it.</param>
    public PrimeServer(Uri address, string? token, TimeSpan limit, Action<string> say)
    {
        _name = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);
        _patience = new Patience(_name, limit, say);
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectLimit, AutomaticDecompression = DecompressionMethods.All };
        _http = new HttpClient(handler) { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Asks for primes, once, however often it has to be said.</summary>
    public async Task<Guid> AskAsync(NewRequest request, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        AcceptedRequest accepted = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "api/new")
            {
                Headers = { { "Idempotency-Key", key } },
                Content = JsonContent.Create(request, ServerJson.Default.NewRequest),
            },
            ServerJson.Default.AcceptedRequest,
            cancellationToken);
        return accepted.RequestId;
    }

    /// <summary>Where a request stands.</summary>
    public Task<RequestView> StatusAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/status/{id}"), ServerJson.Default.RequestView, cancellationToken);

    /// <summary>Calls a request off.</summary>
    public Task<RequestView> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, $"api/requests/{id}"), ServerJson.Default.RequestView, cancellationToken);

    /// <summary>The primes of a request that are there from a position on. The sequence ends early when the connection breaks.</summary>
    public async IAsyncEnumerable<string> ReadAsync(
        Guid id, long offset, int digits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using StreamReader lines = await TryAsync(() => OpenAsync(id, offset, limit), cancellationToken);
        while (true)
        {
            string? line;
            string? trouble = null;
            try
            {
                limit.CancelAfter(AnswerLimit);
                line = await lines.ReadLineAsync(limit.Token);
                // Whoever takes the primes may take his time.
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (Exception exception) when (TroubleOf(exception, cancellationToken) is { } reason)
            {
                (line, trouble) = (null, reason);
            }
            // Where a proxy ends what was broken off in good order, the last line is half a prime.
            if (line is not null && (line.Length != digits || !line.All(char.IsAsciiDigit)))
                (line, trouble) = (null, "a line is no prime");
            if (trouble is not null)
                await _patience.WaitAsync(trouble, null, cancellationToken);
            if (line is null)
                yield break;
            _patience.Restore();
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<StreamReader> OpenAsync(Guid id, long offset, CancellationTokenSource limit)
    {
        limit.CancelAfter(AnswerLimit);
        using var request = new HttpRequestMessage(HttpMethod.Get, Words.Inv($"api/result/{id}?offset={offset}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        try
        {
            await RefuseAsync(response, limit.Token);
            return new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private Task<T> SendAsync<T>(Func<HttpRequestMessage> createRequest, JsonTypeInfo<T> type, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AnswerLimit);
            using HttpRequestMessage request = createRequest();
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await RefuseAsync(response, limit.Token);
            T answer = await ReadAsync(response, type, limit.Token) ?? throw IsNoServer();
            _patience.Restore();
            return answer;
        },
        cancellationToken);

    /// <summary>Tries until it succeeds, fails for good, or patience ends.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            string trouble;
            TimeSpan? retryAfter = null;
            try
            {
                return await call();
            }
            catch (ServerBusyException busy)
            {
                (trouble, retryAfter) = (busy.Message, busy.RetryAfter);
            }
            catch (Exception exception) when (TroubleOf(exception, cancellationToken) is { } reason)
            {
                trouble = reason;
            }
            await _patience.WaitAsync(trouble, retryAfter, cancellationToken);
        }
    }

    /// <summary>What is wrong with the connection, if that is what an exception tells of and another try may help.</summary>
    private static string? TroubleOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            throw new CommandFailure($"No secure connection: {(e.InnerException ?? e).Message}", ExitCode.Server),
        HttpRequestException or IOException => (exception.InnerException ?? exception).Message.TrimEnd('.'),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => "no answer",
        _ => null,
    };

    private async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        string status = Words.Inv($"HTTP status {(int)response.StatusCode}");
        if (response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            RetryConditionHeaderValue? after = response.Headers.RetryAfter;
            throw new ServerBusyException(status, after?.Delta ?? (after?.Date is { } date ? date - TimeProvider.System.GetUtcNow() : null));
        }
        Problem? problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await ReadAsync(response, ServerJson.Default.Problem, cancellationToken)
            : null;
        string said = problem?.Detail ?? problem?.Title ?? status;
        throw response.StatusCode switch
        {
            HttpStatusCode.BadRequest => CommandFailure.Usage($"{_name} says: {said}"),
            HttpStatusCode.Unauthorized => new CommandFailure($"{_name} wants a valid token, by --token or PRIMES_TOKEN ({said})", ExitCode.Server),
            _ => new CommandFailure($"{_name} says: {said}", ExitCode.Server),
        };
    }

    private async Task<T?> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken);
        }
        catch (JsonException)
        {
            throw IsNoServer();
        }
    }

    private CommandFailure IsNoServer() => new($"{_name} is no PrimeSystem server: its answer is not understood.", ExitCode.Server);
}
