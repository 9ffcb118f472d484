using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;

namespace PrimeSystem.Tests.Api;

/// <summary>The rules of HTTP (RFC 9110) that hold on every address: methods, codings, freshness.</summary>
public sealed class MethodTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_answers_every_method()
    {
        Guid id = await api.AskAndWaitAsync(2, 12);
        string[] paths =
        [
            .. api.Service<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct()
                .Select(path => path.Replace("{id}", $"{id}", StringComparison.Ordinal).Replace("{version:apiVersion}", "1", StringComparison.Ordinal)
                    .Replace("{documentName}", "v1", StringComparison.Ordinal)
                    .Replace("{documentName?}", "", StringComparison.Ordinal)),
        ];
        Assert.Contains("/health", paths);
        Assert.Contains($"/api/v1/requests/{id}", paths);

        foreach (string path in paths)
        {
            using HttpResponseMessage options = await SendAsync("OPTIONS", path);
            Assert.Equal((path, HttpStatusCode.NoContent), (path, options.StatusCode));
            string[] allowed = [.. options.Content.Headers.Allow];
            Assert.Contains("OPTIONS", allowed);
            Assert.Equal((path, allowed.Contains("GET")), (path, allowed.Contains("HEAD")));
            foreach (string method in Methods)
            {
                using HttpResponseMessage response = await SendAsync(method, path);
                Assert.True((int)response.StatusCode < 500, $"{method} {path}: {response.StatusCode}");
                if (!allowed.Contains(method))
                {
                    await AssertProblemAsync(response, HttpStatusCode.MethodNotAllowed, $"{method} {path}");
                    Assert.Equal(allowed, response.Content.Headers.Allow);
                }
                else if (method is "HEAD")
                {
                    using HttpResponseMessage get = await SendAsync("GET", path);
                    Assert.Equal((path, get.StatusCode), (path, response.StatusCode));
                    Assert.Equal((path, get.Content.Headers.ContentType), (path, response.Content.Headers.ContentType));
                    Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
                }
                else
                {
                    Assert.NotEqual((path, method, HttpStatusCode.MethodNotAllowed), (path, method, response.StatusCode));
                }
            }
        }
    }

    [Fact]
    public async Task A_compressed_body_is_415_and_the_answer_says_which_coding_is_accepted()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("""{"quantity": 1, "digits": 12}"""u8);
        foreach (string path in new[] { "/api/new", "/api/verify" })
        {
            using var content = new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } } };
            using HttpResponseMessage response = await api.Client.PostAsync(path, content, Cancellation);

            await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, path);
            Assert.Equal("identity", Assert.Single(response.Headers.GetValues("Accept-Encoding")));
        }
    }

    [Fact]
    public async Task Errors_of_the_framework_are_problems_with_a_trace_id()
    {
        Guid id = await api.AskAndWaitAsync(1, 12);
        using var text = new StringContent("{}");
        using HttpResponseMessage type = await api.Client.PostAsync("/api/new", text, Cancellation);
        await AssertProblemAsync(type, HttpStatusCode.UnsupportedMediaType, "a body of text");
        using HttpResponseMessage nowhere = await api.Client.GetAsync("/no/such/thing", Cancellation);
        await AssertProblemAsync(nowhere, HttpStatusCode.NotFound, "an unknown address");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}") { Headers = { { "Accept", "application/xml" } } };
        using HttpResponseMessage xml = await api.Client.SendAsync(request, Cancellation);
        await AssertProblemAsync(xml, HttpStatusCode.NotAcceptable, "XML");
    }

    [Fact]
    public async Task An_answer_says_whether_it_may_be_kept_and_when_to_ask_again()
    {
        using HttpResponseMessage accepted = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 9_000 }, Cancellation);
        Guid id = (await StandaloneApi.JsonAsync(accepted)).GetProperty("request_id").GetGuid();
        using HttpResponseMessage unfinished = await api.Client.GetAsync($"/api/requests/{id}", Cancellation);
        using HttpResponseMessage list = await api.Client.GetAsync("/api/requests", Cancellation);
        await api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);
        using HttpResponseMessage ended = await api.Client.GetAsync($"/api/status/{id}", Cancellation);

        Assert.All([accepted, unfinished, list, ended], response => Assert.True(response.Headers.CacheControl?.NoStore));
        Assert.All([accepted, unfinished], response => Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        Assert.All([list, ended], response => Assert.Null(response.Headers.RetryAfter));
    }

    [Fact]
    public async Task A_completed_result_is_not_sent_to_a_client_that_has_any()
    {
        Guid id = await api.AskAndWaitAsync(1, 12);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}") { Headers = { { "If-None-Match", "*" } } };
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST")
            request.Content = JsonContent.Create(new { });
        return await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string call)
    {
        Assert.Equal((call, status), (call, response.StatusCode));
        Assert.Equal((call, "application/problem+json"), (call, response.Content.Headers.ContentType?.MediaType));
        if (response.RequestMessage!.Method == HttpMethod.Head)
            return;
        JsonElement problem = await StandaloneApi.JsonAsync(response);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("trace_id").GetString()));
    }
}
