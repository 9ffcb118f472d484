using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PrimeSystem.Cli.Remote;

/// <summary>A client of a PrimeSystem server. Calls are retried while the server cannot be reached or is busy; each is safe to repeat.</summary>
internal sealed class PrimeServer : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly RetryPolicy _retry;
    private readonly string _name;

    /// <summary>Creates a client. It does not connect yet.</summary>
    /// <param name="address">The address of the server, with its base path, if any.</param>
    /// <param name="token">The bearer token, if the server needs one.</param>
    /// <param name="limit">How long to retry when the server does not answer.</param>
    /// <param name="say">Tells the user why the client waits.</param>
    public PrimeServer(Uri address, string? token, TimeSpan limit, Action<string> say)
    {
        _name = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);
        _retry = new RetryPolicy(_name, limit, say);
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AutomaticDecompression = DecompressionMethods.All };
        _http = new HttpClient(handler) { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Creates a request for primes: one, however often the call has to be repeated.</summary>
    public async Task<Guid> CreateAsync(NewRequest request, CancellationToken cancellationToken)
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

    /// <summary>The status of a request.</summary>
    public Task<RequestView> StatusAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/status/{id}"), ServerJson.Default.RequestView, cancellationToken);

    /// <summary>The latest requests, the newest first.</summary>
    /// <param name="status">Only those with this status; all when null.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<RequestPage> ListAsync(string? status, long limit, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Get, $"api/requests?limit={limit}{(status is null ? "" : $"&status={status}")}"),
        ServerJson.Default.RequestPage, cancellationToken);

    /// <summary>Cancels a request.</summary>
    public Task<RequestView> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, $"api/requests/{id}"), ServerJson.Default.RequestView, cancellationToken);

    /// <summary>Reads the primes found so far, from a position on. The sequence ends early when the connection breaks.</summary>
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
                limit.CancelAfter(AnswerTimeout);
                line = await lines.ReadLineAsync(limit.Token);
                // The time in which the caller processes a prime does not count.
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (Exception exception) when (TroubleOf(exception, cancellationToken) is { } reason)
            {
                (line, trouble) = (null, reason);
            }
            // A proxy may end a broken answer as if it were complete. Its last line is then part of a prime.
            if (line is not null && (line.Length != digits || !line.All(char.IsAsciiDigit)))
                (line, trouble) = (null, "a line is not a prime");
            if (trouble is not null)
                await _retry.WaitAsync(trouble, null, cancellationToken);
            if (line is null)
                yield break;
            _retry.Reset();
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<StreamReader> OpenAsync(Guid id, long offset, CancellationTokenSource limit)
    {
        limit.CancelAfter(AnswerTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/result/{id}?offset={offset}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        try
        {
            await ThrowOnErrorAsync(response, limit.Token);
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
            limit.CancelAfter(AnswerTimeout);
            using HttpRequestMessage request = createRequest();
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await ThrowOnErrorAsync(response, limit.Token);
            T answer = await ReadAsync(response, type, limit.Token) ?? throw NotAServer();
            _retry.Reset();
            return answer;
        },
        cancellationToken);

    /// <summary>Repeats a call until it succeeds, fails permanently, or has been retried for too long.</summary>
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
            await _retry.WaitAsync(trouble, retryAfter, cancellationToken);
        }
    }

    /// <summary>The reason of a connection error that a retry may solve; null for any other exception.</summary>
    private static string? TroubleOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            throw new CommandFailure($"The secure connection failed: {(e.InnerException ?? e).Message}", ExitCode.Server),
        HttpRequestException or IOException => (exception.InnerException ?? exception).Message.TrimEnd('.'),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => "no answer",
        _ => null,
    };

    private async Task ThrowOnErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        string status = $"HTTP status {(int)response.StatusCode}";
        if (response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            RetryConditionHeaderValue? after = response.Headers.RetryAfter;
            throw new ServerBusyException(status, after?.Delta ?? (after?.Date is { } date ? date - TimeProvider.System.GetUtcNow() : null));
        }
        Problem? problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await ReadAsync(response, ServerJson.Default.Problem, cancellationToken)
            : null;
        string message = problem?.Detail ?? problem?.Title ?? status;
        throw response.StatusCode switch
        {
            HttpStatusCode.BadRequest => CommandFailure.Usage($"{_name} says: {message}"),
            HttpStatusCode.Unauthorized => new CommandFailure($"{_name} needs a valid token in --token or PRIMES_TOKEN ({message})", ExitCode.Server),
            _ => new CommandFailure($"{_name} says: {message}", ExitCode.Server),
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
            throw NotAServer();
        }
    }

    private CommandFailure NotAServer() => new($"{_name} is not a PrimeSystem server: its answer has an unknown format.", ExitCode.Server);
}
