using System.Net;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Api.Requests;

/// <summary>Completed requests expire; others do not.</summary>
public sealed class RetentionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_completed_request_expires_and_an_unfinished_one_stays()
    {
        using var api = new StandaloneApi(new() { ["Retention:Completed"] = "00:00:01", ["Flow:SweepEvery"] = "00:00:00.100" });
        Guid unfinished = await api.AskAsync(1, 9_000);
        Guid completed = await api.AskAsync(3, 12);

        await Eventually.TrueAsync(
            async () => (await api.Client.GetAsync($"/api/result/{completed}", Cancellation)).StatusCode == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(60),
            "the request has expired");

        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync($"/api/status/{unfinished}", Cancellation)).StatusCode);
        await api.Client.DeleteAsync($"/api/requests/{unfinished}", Cancellation);
    }
}
