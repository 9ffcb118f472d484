using System.Net;
using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Text.Json;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Api.Streaming;

/// <summary>Watching requests by WebSocket and by Server-Sent Events.</summary>
public sealed class StreamTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private const string UnknownId = "0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_receives_a_snapshot_then_every_prime_then_the_end()
    {
        Guid id = await api.AskAsync(30_000, 12);
        using Watcher watcher = await Watcher.ConnectAsync(api.Client.BaseAddress!, id);

        Assert.True(await watcher.NextAsync());
        Assert.Equal(
            ["type", "request_id", "quantity", "digits", "generated_count", "status", "progress_percentage", "created_at", "updated_at", "position"],
            watcher.Last.EnumerateObject().Select(property => property.Name));
        await watcher.ToTheEndAsync();

        Assert.Equal(await PrimesAsync(id), watcher.Primes);
        Assert.Equal(30_000, watcher.Primes.Distinct().Count());
        Assert.Equal("snapshot", watcher.Types[0]);
        Assert.Contains("progress", watcher.Types);
        Assert.Equal("end", watcher.Types[^1]);
        Assert.Equal(("completed", 30_000), (watcher.Last.GetProperty("status").GetString(), watcher.Last.GetProperty("generated_count").GetInt32()));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, watcher.Closed);
    }

    [Fact]
    public async Task A_watcher_that_loses_its_connection_five_times_gets_every_prime_exactly_once()
    {
        Guid id = await api.AskAsync(120_000, 12);
        IReadOnlyCollection<string> had = [];
        for (int i = 0; i < 5; i++)
        {
            using Watcher cut = await Watcher.ConnectAsync(api.Client.BaseAddress!, id, had);
            int events = Random.Shared.Next(1, 12);
            while (events-- > 0 && await cut.NextAsync())
            {
            }
            cut.Abort();
            had = cut.Primes;
        }
        using Watcher last = await Watcher.ConnectAsync(api.Client.BaseAddress!, id, had);
        await last.ToTheEndAsync();

        Assert.Equal(120_000, last.Primes.Count);
        Assert.Equal(await PrimesAsync(id), last.Primes);
    }

    [Fact]
    public async Task Server_sent_events_carry_type_and_position_and_resume_where_the_last_id_says()
    {
        Guid id = await api.AskAndWaitAsync(20_000, 12);
        string[] primes = await PrimesAsync(id);

        List<SseItem<string>> all = await EventsAsync($"/api/stream/{id}");
        Assert.Equal(("snapshot", "0"), (all[0].EventType, all[0].EventId));
        Assert.Equal(("end", "end"), (all[^1].EventType, all[^1].EventId));
        Assert.InRange(all.Count, 4, 100);
        Assert.All(all[1..^1], (item, i) => Assert.Equal(("primes", $"{PrimesOf(all[..(i + 2)]).Count()}"), (item.EventType, item.EventId)));
        Assert.Equal(primes, PrimesOf(all));

        // EventSource keeps its original address, so the header takes precedence.
        List<SseItem<string>> rest = await EventsAsync($"/api/stream/{id}?after=7", lastEventId: "19000");
        Assert.Equal(primes[19_000..], PrimesOf(rest));
        Assert.Equal(19_000, JsonDocument.Parse(rest[0].Data).RootElement.GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task A_reader_of_events_that_reconnects_after_the_end_is_told_to_stop()
    {
        Guid id = await api.AskAndWaitAsync(2, 12);
        using var ended = new HttpRequestMessage(HttpMethod.Get, $"/api/stream/{id}") { Headers = { { "Last-Event-ID", "end" } } };
        using HttpResponseMessage stop = await api.Client.SendAsync(ended, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, stop.StatusCode);

        // The last primes have arrived, but not the end.
        Assert.Equal(["snapshot", "end"], (await EventsAsync($"/api/stream/{id}", lastEventId: "2")).Select(item => item.EventType));
        using HttpResponseMessage stream = await GetAsync($"/api/stream/{id}", "text/event-stream");
        Assert.Empty(stream.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_ends_its_streams_with_the_primes_so_far()
    {
        Guid id = await api.AskAsync(1_000_000, 12);
        using Watcher watcher = await Watcher.ConnectAsync(api.Client.BaseAddress!, id);
        while (watcher.Primes.Count == 0)
            Assert.True(await watcher.NextAsync());

        await api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);
        await watcher.ToTheEndAsync();

        Assert.Equal("cancelled", watcher.Last.GetProperty("status").GetString());
        Assert.Equal(watcher.Last.GetProperty("generated_count").GetInt32(), watcher.Primes.Count);
    }

    [Fact]
    public async Task A_request_that_fails_ends_its_streams_with_the_reason_even_without_a_notification()
    {
        Guid id = await api.AskAsync(1, 9_000);
        using Watcher watcher = await Watcher.ConnectAsync(api.Client.BaseAddress!, id);

        await api.Service<IRequestStore>().FailAsync(id, "Out of luck.", Cancellation);
        await watcher.ToTheEndAsync();

        Assert.Equal("failed", watcher.Last.GetProperty("status").GetString());
        Assert.Equal("Out of luck.", watcher.Last.GetProperty("failure").GetString());
    }

    [Fact]
    public async Task A_request_that_is_deleted_closes_its_streams_with_a_status_that_says_so()
    {
        Guid id = await api.AskAsync(1, 9_000);
        using Watcher watcher = await Watcher.ConnectAsync(api.Client.BaseAddress!, id);
        Assert.True(await watcher.NextAsync());

        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
        await watcher.ToTheEndAsync();

        Assert.Equal(4404, (int)watcher.Closed!);
        Assert.DoesNotContain("end", watcher.Types);
    }

    [Theory]
    [InlineData("xyz", HttpStatusCode.BadRequest, "id must be a UUID")]
    [InlineData("{id}?after=-1", HttpStatusCode.BadRequest, "after must be a whole number from 0")]
    [InlineData("{id}?after=abc", HttpStatusCode.BadRequest, "after must be a whole number from 0")]
    [InlineData("{id}?after=4", HttpStatusCode.BadRequest, "after must be a whole number from 0")]
    [InlineData(UnknownId, HttpStatusCode.NotFound, "No request has the id")]
    public async Task An_invalid_call_is_answered_with_a_problem_before_anything_is_streamed(string path, HttpStatusCode status, string detail)
    {
        Guid id = await api.AskAsync(3, 12);
        path = "/api/stream/" + path.Replace("{id}", id.ToString(), StringComparison.Ordinal);

        using HttpResponseMessage response = await GetAsync(path, "text/event-stream");
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(detail, (await StandaloneApi.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        var address = new UriBuilder(new Uri(api.Client.BaseAddress!, path)) { Scheme = "ws" }.Uri;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, Cancellation));
        Assert.Equal(status, socket.HttpStatusCode);
    }

    [Fact]
    public async Task An_invalid_last_id_is_400_and_another_media_type_406()
    {
        Guid id = await api.AskAsync(3, 12);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/stream/{id}") { Headers = { { "Last-Event-ID", "x" } } };
        using HttpResponseMessage nonsense = await api.Client.SendAsync(request, Cancellation);
        using HttpResponseMessage json = await GetAsync($"/api/stream/{id}", "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
        Assert.Equal(HttpStatusCode.NotAcceptable, json.StatusCode);
        Assert.Contains("text/event-stream", (await StandaloneApi.JsonAsync(json)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_changes_a_watcher_receives_the_state_repeatedly()
    {
        using var fresh = new StandaloneApi(new() { ["Live:KeepAliveEvery"] = "00:00:00.500" });
        Guid id = await fresh.AskAsync(1, 9_500);
        using Watcher watcher = await Watcher.ConnectAsync(fresh.Client.BaseAddress!, id);

        for (int i = 0; i < 6; i++)
            Assert.True(await watcher.NextAsync());

        Assert.All(watcher.Types.Skip(1), type => Assert.Equal("progress", type));
        await fresh.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Fact]
    public async Task Watchers_above_the_limit_are_answered_with_503_until_one_leaves()
    {
        using var small = new StandaloneApi(new() { ["Live:MaxWatchers"] = "1" });
        Guid id = await small.AskAsync(1, 9_500);
        using Watcher first = await Watcher.ConnectAsync(small.Client.BaseAddress!, id);
        Assert.True(await first.NextAsync());

        using HttpResponseMessage refused = await small.Client.GetAsync($"/api/stream/{id}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        first.Abort();
        await Infrastructure.Eventually.TrueAsync(
            async () => (await small.Client.GetAsync($"/api/stream/{id}", HttpCompletionOption.ResponseHeadersRead, Cancellation)).IsSuccessStatusCode,
            TimeSpan.FromSeconds(30), "there is room again");
        await small.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_is_disconnected_with_a_reason_and_can_reconnect()
    {
        using var strict = new StandaloneApi(new() { ["Live:SendWithin"] = "00:00:04" });
        Guid id = await StoredRequests.FillAsync(strict.Service<IRequestStore>(), primes: 3_000, digits: 9_000);
        using Watcher slow = await Watcher.ConnectAsync(strict.Client.BaseAddress!, id);
        Assert.True(await slow.NextAsync());

        await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
        await slow.ToTheEndAsync();

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, slow.Closed);
        Assert.Contains("Too slow", slow.Reason, StringComparison.Ordinal);
        Assert.InRange(slow.Primes.Count, 1, 2_999);
        using Watcher again = await Watcher.ConnectAsync(strict.Client.BaseAddress!, id, slow.Primes);
        await again.ToTheEndAsync();
        Assert.Equal(3_000, again.Primes.Distinct().Count());
    }

    [Fact]
    public async Task A_reader_of_events_that_does_not_read_is_cut_off()
    {
        using var strict = new StandaloneApi(new() { ["Live:SendWithin"] = "00:00:01" });
        Guid id = await StoredRequests.FillAsync(strict.Service<IRequestStore>(), primes: 3_000, digits: 9_000);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/stream/{id}");
        using HttpResponseMessage response = await strict.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);

        await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancellation));
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private async Task<List<SseItem<string>>> EventsAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using HttpResponseMessage response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        var items = new List<SseItem<string>>();
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(Cancellation))
            items.Add(item);
        return items;
    }

    private static IEnumerable<string> PrimesOf(IEnumerable<SseItem<string>> items) => items.Where(item => item.EventType == "primes")
        .SelectMany(item => JsonDocument.Parse(item.Data).RootElement.GetProperty("prime_numbers").EnumerateArray())
        .Select(prime => prime.GetString()!);

    private async Task<string[]> PrimesAsync(Guid id) =>
        [.. (await api.GetAsync($"/api/result/{id}")).GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
}
