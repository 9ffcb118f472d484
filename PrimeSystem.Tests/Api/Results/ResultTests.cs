using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PrimeSystem.Api.Results;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Api.Results;

/// <summary>Results in every format, in parts, compressed and cached.</summary>
public sealed class ResultTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_format_holds_the_same_primes_in_the_same_order()
    {
        Guid id = await api.AskAndWaitAsync(12_000, 12);
        string[] json = await PrimesAsync(id);

        string[] text = Lines(await GetAsync($"/api/result/{id}", "text/plain"));
        string[] ndjson = Lines(await GetAsync($"/api/result/{id}", "application/x-ndjson"));
        string[] csv = Lines(await GetAsync($"/api/result/{id}", "text/csv"));

        Assert.Equal(12_000, json.Length);
        Assert.Equal(json, text);
        Assert.Equal(json.Select((prime, position) => $$"""{"position":{{position}},"prime":"{{prime}}"}"""), ndjson);
        Assert.Equal(json.Select((prime, position) => $"{position},{prime}").Prepend("position,prime"), csv);
    }

    [Fact]
    public async Task Parts_by_offset_and_limit_match_the_whole()
    {
        Guid id = await api.AskAndWaitAsync(11_000, 12);
        string[] whole = await PrimesAsync(id);

        Assert.Equal(whole[4_990..5_020], await PrimesAsync(id, "?offset=4990&limit=30"));
        Assert.Equal(whole[..1], await PrimesAsync(id, "?limit=1"));
        Assert.Equal(whole[10_999..], await PrimesAsync(id, "?offset=10999&limit=1000000"));
        Assert.Empty(await PrimesAsync(id, "?offset=11000"));
        Assert.Empty(await PrimesAsync(id, "?offset=2000000000&limit=2000000000"));
    }

    [Fact]
    public async Task The_prime_at_an_offset_never_changes_while_more_come()
    {
        Guid id = await api.AskAsync(300, 250);
        string[] before = [];
        while (before.Length < 40)
        {
            string[] now = await PrimesAsync(id);
            Assert.Equal(before, now[..before.Length]);
            before = now;
            await Task.Delay(20, Cancellation);
        }
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Fact]
    public async Task A_completed_result_has_an_etag_and_is_not_sent_twice()
    {
        Guid id = await api.AskAndWaitAsync(3, 12);
        using HttpResponseMessage first = await api.Client.GetAsync($"/api/result/{id}", Cancellation);
        Assert.NotNull(first.Headers.ETag);
        Assert.True(first.Headers.CacheControl is { Private: true, MaxAge.TotalSeconds: > 0 });

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag);
        using HttpResponseMessage second = await api.Client.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

        using var part = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}?limit=1");
        part.Headers.IfNoneMatch.Add(first.Headers.ETag);
        using HttpResponseMessage third = await api.Client.SendAsync(part, Cancellation);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task A_result_that_still_grows_is_not_cached()
    {
        Guid id = await api.AskAsync(300, 300);

        using HttpResponseMessage response = await api.Client.GetAsync($"/api/result/{id}", Cancellation);

        Assert.Null(response.Headers.ETag);
        Assert.True(response.Headers.CacheControl?.NoStore);
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_result_is_compressed_when_asked(string encoding)
    {
        Guid id = await api.AskAndWaitAsync(2_000, 20);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);
        byte[] sent = await response.Content.ReadAsByteArrayAsync(Cancellation);

        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        using Stream plain = encoding == "br"
            ? new BrotliStream(new MemoryStream(sent), CompressionMode.Decompress)
            : new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
        JsonElement result = (await JsonDocument.ParseAsync(plain, cancellationToken: Cancellation)).RootElement;
        Assert.Equal(2_000, result.GetProperty("prime_numbers").GetArrayLength());
        Assert.True(sent.Length < 2_000 * 20);
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/json")]
    [InlineData("text/csv;q=0.5, text/plain", "text/plain")]
    [InlineData("text/*", "text/plain")]
    [InlineData("application/json;q=0, text/csv", "text/csv")]
    [InlineData("application/json;q=0, */*", "text/plain")]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("text/csv, application/json", "text/csv")]
    public async Task The_format_is_the_one_the_client_prefers(string accept, string expected)
    {
        Guid id = await api.AskAndWaitAsync(1, 12);
        using HttpResponseMessage response = await SendAsync($"/api/result/{id}", accept);

        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_unsupported_format_is_406()
    {
        Guid id = await api.AskAndWaitAsync(1, 12);
        using HttpResponseMessage response = await SendAsync($"/api/result/{id}", "application/xml");

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_request_that_is_purged_before_or_while_its_primes_are_read_never_looks_complete()
    {
        IRequestStore store = api.Service<IRequestStore>();
        PrimeRequest request = (await store.FindAsync(await StoredRequests.FillAsync(store, primes: 12, digits: 9_000), Cancellation))!;
        var context = new DefaultHttpContext { RequestServices = api.Service<IServiceProvider>() };

        // To the stream, primes that are not in the store have been purged: here all of them, then those after the first page.
        await new ResultStream(store, request, ResultFormat.Text, from: 12, count: 12).ExecuteAsync(context);

        Assert.Equal(StatusCodes.Status404NotFound, context.Response.StatusCode);
        await Assert.ThrowsAsync<InvalidDataException>(
            () => new ResultStream(store, request, ResultFormat.Text, from: 0, count: 24).ExecuteAsync(new DefaultHttpContext()));
    }

    private async Task<string[]> PrimesAsync(Guid id, string query = "") =>
        [.. (await api.GetAsync($"/api/result/{id}{query}")).GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];

    private async Task<HttpResponseMessage> SendAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await api.Client.SendAsync(request, Cancellation);
    }

    private async Task<string> GetAsync(string path, string accept)
    {
        using HttpResponseMessage response = await SendAsync(path, accept);
        Assert.Equal(accept, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static string[] Lines(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }
}
