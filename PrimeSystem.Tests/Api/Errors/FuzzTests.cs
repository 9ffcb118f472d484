using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace PrimeSystem.Tests.Api.Errors;

/// <summary>
/// Random input is always answered with a success or a problem, and never causes an unhandled exception. The environment variable
/// <c>PRIMES_FUZZ</c> sets how many inputs each test tries; the default is 300.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly long Tries = long.Parse(Environment.GetEnvironmentVariable("PRIMES_FUZZ") ?? "300", CultureInfo.InvariantCulture);

    private static readonly string[] Words =
        ["{", "}", "[", "]", ",", ":", "\"", "quantity", "digits", "\"quantity\"", "\"digits\"", "\"numbers\"", "null", "true", "1", "12", "-1", "1e5", "1.5", "\\u0000", "\\ud800", "é", "\u202e", " ", "\n", "99999999999999999999", "{\"quantity\":1,\"digits\":12}"];

    private static readonly string[] PathParts =
        ["api", "v1", "v9", "status", "result", "requests", "new", "verify", "stream", "0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f", "..", ".", "%2e%2e", "%00", "%ff", "%c0%af", "%", "%zz", "a b", "é", "", "?limit=1", "?offset=-1", "?cursor=%00", "?status=done", "?purge=%F0%9F", "{id}", "*", "\\", "con"];

    private static readonly string[] Methods = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Of(Words).Array[0, 12].Select(words => string.Concat(words)),
        Gen.String[0, 200]);

    private readonly StandaloneApi _api = new(new() { ["Limits:MaxQuantity"] = "3", ["Limits:MaxDigits"] = "40" });
    private readonly ConcurrentQueue<string> _log = new();

    public FuzzTests() => _api.Service<Microsoft.Extensions.Logging.ILoggerFactory>().AddProvider(new CapturingLogger(_log));

    public void Dispose() => _api.Dispose();

    [Fact]
    public Task Any_body_of_new_and_verify_is_answered_according_to_the_contract() => Gen.Select(Of(["/api/new", "/api/v1/new", "/api/verify"]), Text).SampleAsync(
        async (path, body) =>
        {
            using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using HttpResponseMessage response = await _api.Client.PostAsync(path, content);
            AssertContract((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
        },
        iter: Tries, threads: 2);

    [Fact]
    public Task Any_bytes_as_a_body_are_answered_according_to_the_contract() => Gen.Byte.Array[0, 300].SampleAsync(
        async bytes =>
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            using HttpResponseMessage response = await _api.Client.PostAsync("/api/new", content);
            AssertContract((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
        },
        iter: Tries, threads: 2);

    [Fact]
    public Task Any_method_path_and_key_are_answered_according_to_the_contract() => Gen.Select(
        Of(Methods), Gen.OneOf(Of(PathParts), Gen.String[0, 40]).Array[0, 6], Gen.Char[(char)1, (char)255].Array[0, 30]).SampleAsync(
        async (method, parts, key) =>
        {
            // Written by hand, since a client library would correct the errors.
            string path = "/" + string.Join('/', parts).Replace("/?", "?", StringComparison.Ordinal);
            string target = string.Concat(path.Where(c => c is > ' ' and not '\u007f' && !char.IsSurrogate(c)));
            string header = string.Concat(key.Where(c => c is not '\r' and not '\n'));
            string head = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: {header}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}";
            string answer = await RawAsync(Encoding.Latin1.GetBytes(head));

            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            int status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            Assert.True(status is (>= 200 and < 500) or 501, answer);
        },
        iter: Tries, threads: 2);

    private static Gen<string> Of(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private void AssertContract(int status, string? type, string body)
    {
        Assert.True(status is 200 or 202 || type == "application/problem+json", $"{status} {type} {body}");
        Assert.InRange(status, 200, 499);
        if (status >= 400)
            Assert.Equal(status, JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32());
        Assert.Empty(_log);
    }

    private async Task<string> RawAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_api.Client.BaseAddress!.Host, _api.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(request);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        try
        {
            string answer = await reader.ReadToEndAsync();
            Assert.Empty(_log);
            return answer;
        }
        catch (IOException)
        {
            // The server answered and closed the connection before it had read everything.
            return "HTTP/1.1 400";
        }
    }
}
