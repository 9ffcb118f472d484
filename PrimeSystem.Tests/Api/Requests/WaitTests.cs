using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrimeSystem.Tests.Api.Requests;

/// <summary>Waiting for the end of a request with <c>Prefer: wait</c> (RFC 7240).</summary>
public sealed class WaitTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_request_that_completes_within_the_time_leads_to_its_primes()
    {
        using HttpResponseMessage response = await PostAsync(quantity: 2_000, digits: 100, "wait=60");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("wait=60", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Guid id = (await StandaloneApi.JsonAsync(response)).GetProperty("request_id").GetGuid();
        Assert.Equal($"/api/result/{id}", response.Headers.Location?.ToString());
        Assert.Equal(2_000, (await api.GetAsync($"/api/result/{id}")).GetProperty("prime_numbers").GetArrayLength());
    }

    [Fact]
    public async Task A_wait_ends_with_the_time_and_the_answer_is_the_state_so_far()
    {
        var watch = Stopwatch.StartNew();
        using HttpResponseMessage response = await PostAsync(quantity: 1, digits: 9_500, "respond-async, Wait=1");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 30);
        Guid id = (await StandaloneApi.JsonAsync(response)).GetProperty("request_id").GetGuid();

        using HttpResponseMessage status = await StatusAsync(id, "wait=1");
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        Assert.NotNull(status.Headers.RetryAfter);
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Fact]
    public async Task A_wait_for_the_status_ends_when_the_request_does()
    {
        Guid id = await api.AskAsync(1, 9_500);
        Task<HttpResponseMessage> waiting = StatusAsync(id, "wait=600");
        await Task.Delay(300, Cancellation);
        Assert.False(waiting.IsCompleted);
        await api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);

        using HttpResponseMessage response = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal("wait=60", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        JsonElement status = await StandaloneApi.JsonAsync(response);
        Assert.Equal("cancelled", status.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_request_that_is_deleted_meanwhile_is_404()
    {
        Guid id = await api.AskAsync(1, 9_500);
        Task<HttpResponseMessage> waiting = StatusAsync(id, "wait=60");
        await Task.Delay(300, Cancellation);
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);

        using HttpResponseMessage response = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    [InlineData("wait")]
    [InlineData("return=minimal")]
    public async Task A_preference_that_is_malformed_or_unknown_is_ignored(string preference)
    {
        using HttpResponseMessage response = await PostAsync(quantity: 1, digits: 12, preference);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(response.Headers.Contains("Preference-Applied"));
    }

    private async Task<HttpResponseMessage> PostAsync(int quantity, int digits, string preference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/new") { Content = JsonContent.Create(new { quantity, digits }) };
        request.Headers.Add("Prefer", preference);
        return await api.Client.SendAsync(request, Cancellation);
    }

    private async Task<HttpResponseMessage> StatusAsync(Guid id, string preference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/status/{id}");
        request.Headers.Add("Prefer", preference);
        return await api.Client.SendAsync(request, Cancellation);
    }
}
