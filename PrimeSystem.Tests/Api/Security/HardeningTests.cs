using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>Security headers, HTTPS, CORS, and protection against slow and oversized calls.</summary>
public sealed class HardeningTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/api/requests")]
    [InlineData("/api/status/xyz")]
    [InlineData("/no/such/thing")]
    [InlineData("/health")]
    public async Task Every_answer_has_security_headers_and_none_names_the_server_software(string path)
    {
        using HttpResponseMessage response = await api.Client.GetAsync(path, Cancellation);

        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        string policy = Header(response, "Content-Security-Policy");
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task Only_the_API_page_may_have_inline_scripts()
    {
        using HttpResponseMessage response = await api.Client.GetAsync("/docs/", Cancellation);

        string policy = Header(response, "Content-Security-Policy");
        Assert.Contains("script-src 'self' 'unsafe-inline';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_name_the_versions_and_an_unknown_version_is_404()
    {
        foreach (string path in new[] { "/api/requests", "/api/v1/requests" })
        {
            using HttpResponseMessage response = await api.Client.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("1.0", Header(response, "api-supported-versions"));
        }
        foreach (string path in new[] { "/api/v9/requests", "/api/v2/status/xyz", "/api/v1.1/requests", "/api/vx/requests", "/api/v9/new" })
        {
            using HttpResponseMessage response = await api.Client.GetAsync(path, Cancellation);
            Assert.Equal((HttpStatusCode.NotFound, path), (response.StatusCode, path));
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(404, (await StandaloneApi.JsonAsync(response)).GetProperty("status").GetInt32());
        }
    }

    [Theory]
    [InlineData("X-Large: {0}", 20_000, 431)]
    [InlineData("X-{1}: a", 100, 431)]
    public async Task Headers_are_limited(string header, int size, int status)
    {
        string headers = header.Contains("{0}", StringComparison.Ordinal)
            ? header.Replace("{0}", new string('a', size), StringComparison.Ordinal) + "\r\n"
            : string.Concat(Enumerable.Range(0, size).Select(i => header.Replace("{1}", $"{i}", StringComparison.Ordinal) + "\r\n"));

        string answer = await RawAsync($"GET /api/requests HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slow_senders_are_cut_off_and_others_are_answered_meanwhile()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<bool>[] slow = [.. Enumerable.Range(0, 200).Select(_ => DripAsync(stop.Token))];
        for (int i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/requests", Cancellation)).StatusCode);

        Assert.All(await Task.WhenAll(slow).WaitAsync(TimeSpan.FromMinutes(2), Cancellation), Assert.True);
    }

    [Fact]
    public async Task Only_pages_of_allowed_origins_may_call()
    {
        using var open = new StandaloneApi(new() { ["Cors:Origins"] = "https://app.example, https://admin.example" });

        Assert.Equal("https://admin.example", await AllowedAsync(open, "https://admin.example"));
        Assert.Null(await AllowedAsync(open, "https://evil.example"));
        Assert.Null(await AllowedAsync(api, "https://app.example"));
        using HttpResponseMessage preflight = await PreflightAsync(open, "https://app.example");
        Assert.Contains("DELETE", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8000", null, HttpStatusCode.OK)]
    [InlineData("[::1]:8000", null, HttpStatusCode.OK)]
    [InlineData("api.localhost", null, HttpStatusCode.OK)]
    [InlineData("rebound.example", null, HttpStatusCode.BadRequest)]
    [InlineData("rebound.example", "primes.example;*.example.org", HttpStatusCode.BadRequest)]
    [InlineData("primes.example", "primes.example;*.example.org", HttpStatusCode.OK)]
    [InlineData("a.example.org", "primes.example, *.example.org", HttpStatusCode.OK)]
    [InlineData("localhost", "primes.example", HttpStatusCode.OK)]
    [InlineData("rebound.example", "*", HttpStatusCode.OK)]
    public async Task A_standalone_system_answers_to_loopback_names_and_those_that_are_configured(string host, string? setting, HttpStatusCode status)
    {
        using var standalone = new StandaloneApi(setting is null ? [] : new() { ["AllowedHosts"] = setting });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/limits") { Headers = { Host = host } };
        using HttpResponseMessage response = await standalone.Client.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.BadRequest)
            Assert.Contains("AllowedHosts", (await StandaloneApi.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("own", true)]
    [InlineData("https://app.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task A_socket_is_opened_to_pages_of_this_and_of_allowed_origins(string? origin, bool isOpened)
    {
        using var open = new StandaloneApi(new() { ["Cors:Origins"] = "https://app.example" });
        Guid id = await open.AskAndWaitAsync(1, 12);
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin == "own" ? open.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        var address = new UriBuilder(new Uri(open.Client.BaseAddress!, $"/api/stream/{id}")) { Scheme = "ws" }.Uri;

        Exception? failure = await Record.ExceptionAsync(() => socket.ConnectAsync(address, Cancellation));

        Assert.Equal(isOpened, failure is null);
        Assert.Equal(isOpened ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task With_TLS_plain_HTTP_is_redirected_except_for_probes_and_answers_carry_HSTS()
    {
        string certificate = Path.GetTempFileName();
        int https = FreePort.Next();
        try
        {
            await File.WriteAllBytesAsync(certificate, SelfSigned("primes.test"), Cancellation);
            int http = FreePort.Next();
            string folder = Directory.CreateTempSubdirectory("primes-tls-").FullName;
            await using ServiceProcess process = await ServiceProcess.StartApiAsync(new Dictionary<string, string?>
            {
                ["Data__Folder"] = folder,
                ["AllowedHosts"] = "primes.test",
                ["https_port"] = $"{https}",
                ["Kestrel__Endpoints__Tls__Url"] = $"https://127.0.0.1:{https}",
                ["Kestrel__Endpoints__Plain__Url"] = $"http://127.0.0.1:{http}",
                ["Kestrel__Certificates__Default__Path"] = certificate,
            }, http);
            using var client = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=primes.test" },
            });

            // The plain endpoint opens before the other.
            await Eventually.TrueAsync(
                async () =>
                {
                    using var probe = new TcpClient();
                    return await probe.ConnectAsync("127.0.0.1", https, Cancellation).AsTask().ContinueWith(connecting => connecting.IsCompletedSuccessfully, TaskScheduler.Default);
                },
                TimeSpan.FromSeconds(60),
                "it listens for HTTPS");

            using HttpResponseMessage plain = await client.GetAsync($"http://127.0.0.1:{http}/api/requests", Cancellation);
            Assert.Equal(HttpStatusCode.TemporaryRedirect, plain.StatusCode);
            Assert.Equal($"https://127.0.0.1:{https}/api/requests", plain.Headers.Location?.ToString());
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{http}/alive", Cancellation)).StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{https}/api/requests");
            request.Headers.Host = "primes.test";
            using HttpResponseMessage safe = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, safe.StatusCode);
            Assert.StartsWith("max-age=", Header(safe, "Strict-Transport-Security"), StringComparison.Ordinal);
            await process.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    [Fact]
    public async Task OpenApi_describes_the_idempotency_key_and_the_errors()
    {
        JsonElement post = (await api.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty("/api/new").GetProperty("post");

        JsonElement key = Assert.Single(post.GetProperty("parameters").EnumerateArray());
        Assert.Equal(("Idempotency-Key", "header"), (key.GetProperty("name").GetString(), key.GetProperty("in").GetString()));
        Assert.False(key.TryGetProperty("required", out JsonElement required) && required.GetBoolean());
        Assert.Equal(["202", "303", "400", "413", "415", "422", "429", "503"], post.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order(StringComparer.Ordinal));
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.NonValidated[name]);

    private static Task<HttpResponseMessage> PreflightAsync(StandaloneApi api, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/requests");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "DELETE");
        return api.Client.SendAsync(request, Cancellation);
    }

    private static async Task<string?> AllowedAsync(StandaloneApi api, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/requests");
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null;
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync(Cancellation) ?? "";
    }

    /// <summary>Sends headers byte by byte, and returns when the server closes the connection.</summary>
    private async Task<bool> DripAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port, cancellationToken);
        NetworkStream stream = client.GetStream();
        Task<int> answer = stream.ReadAsync(new byte[1_000], cancellationToken).AsTask();
        try
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\nX: "u8.ToArray(), cancellationToken);
            while (!answer.IsCompleted)
            {
                await stream.WriteAsync("a"u8.ToArray(), cancellationToken);
                await Task.WhenAny(answer, Task.Delay(500, cancellationToken));
            }
            await answer;
        }
        catch (IOException)
        {
            // Cut off while it wrote.
        }
        return true;
    }

    private static byte[] SelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pfx);
    }
}
