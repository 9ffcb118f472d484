using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Api.Requests;

/// <summary>Listing, cancelling and deleting requests.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly StandaloneApi _api = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Requests_are_listed_newest_first_page_by_page()
    {
        var ids = new List<Guid>();
        for (int i = 0; i < 7; i++)
        {
            ids.Add(await _api.AskAsync(1, 12));
            await Task.Delay(2, Cancellation);
        }
        ids.Reverse();

        var seen = new List<Guid>();
        string query = "?limit=3";
        int pages = 0;
        while (true)
        {
            JsonElement page = await _api.GetAsync($"/api/requests{query}");
            seen.AddRange(page.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("request_id").GetGuid()));
            pages++;
            if (!page.TryGetProperty("next_cursor", out JsonElement cursor))
                break;
            query = $"?limit=3&cursor={cursor.GetString()}";
        }

        Assert.Equal(3, pages);
        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task A_list_can_be_filtered_by_status()
    {
        Guid small = await _api.AskAndWaitAsync(1, 12);
        Guid big = await _api.AskAsync(1_000, 600);
        await _api.Client.DeleteAsync($"/api/requests/{big}", Cancellation);

        Assert.Equal([small], await ListAsync("completed"));
        Assert.Equal([big], await ListAsync("cancelled"));
        Assert.Empty(await ListAsync("failed"));
    }

    [Fact]
    public async Task Cancelling_stops_the_work_and_keeps_the_primes_so_far()
    {
        Guid id = await _api.AskAsync(1_000_000, 12);
        await Eventually.TrueAsync(async () => await GeneratedAsync(id) > 0, TimeSpan.FromSeconds(30), "some primes are there");

        using HttpResponseMessage response = await _api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement cancelled = await StandaloneApi.JsonAsync(response);
        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        int there = cancelled.GetProperty("generated_count").GetInt32();
        await Task.Delay(500, Cancellation);
        Assert.Equal(there, await GeneratedAsync(id));
        Assert.Equal(there, (await _api.GetAsync($"/api/result/{id}")).GetProperty("prime_numbers").GetArrayLength());
        using HttpResponseMessage again = await _api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Cancelling_a_completed_request_is_409_and_changes_nothing()
    {
        Guid id = await _api.AskAndWaitAsync(2, 12);

        using HttpResponseMessage response = await _api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("completed", (await _api.GetAsync($"/api/status/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Purging_hides_a_running_request_at_once_and_frees_the_workers()
    {
        Guid id = await _api.AskAsync(1_000_000, 12);
        await Eventually.TrueAsync(async () => await GeneratedAsync(id) > 0, TimeSpan.FromSeconds(30), "some primes are there");

        using HttpResponseMessage response = await _api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.Client.GetAsync($"/api/status/{id}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.Client.GetAsync($"/api/result/{id}", Cancellation)).StatusCode);
        Assert.Empty((await _api.GetAsync("/api/requests")).GetProperty("requests").EnumerateArray());
        await _api.AskAndWaitAsync(50_000, 12);
    }

    [Fact]
    public async Task Errors_name_the_configured_limits()
    {
        using var strict = new StandaloneApi(new() { ["Limits:MaxDigits"] = "50", ["Limits:MaxQuantity"] = "7" });

        using HttpResponseMessage response = await strict.Client.PostAsJsonAsync("/api/new", new { quantity = 8, digits = 51 }, Cancellation);

        JsonElement errors = (await StandaloneApi.JsonAsync(response)).GetProperty("errors");
        Assert.Equal("quantity must be a whole number from 1 to 7.", errors.GetProperty("quantity")[0].GetString());
        Assert.Equal("digits must be a whole number from 12 to 50.", errors.GetProperty("digits")[0].GetString());
    }

    private async Task<IEnumerable<Guid>> ListAsync(string status) =>
        (await _api.GetAsync($"/api/requests?status={status}")).GetProperty("requests").EnumerateArray()
            .Select(request => request.GetProperty("request_id").GetGuid());

    private async Task<int> GeneratedAsync(Guid id) => (await _api.GetAsync($"/api/status/{id}")).GetProperty("generated_count").GetInt32();
}
