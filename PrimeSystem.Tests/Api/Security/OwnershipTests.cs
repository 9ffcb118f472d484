using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>A request belongs to the user who created it; for others it does not exist.</summary>
public sealed partial class OwnershipTests(GuardedApi guarded) : IClassFixture<GuardedApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Ways => new()
    {
        { "GET", "/api/status/{0}" },
        { "GET", "/api/result/{0}" },
        { "GET", "/api/v1/status/{0}" },
        { "GET", "/api/v1/result/{0}" },
        { "DELETE", "/api/requests/{0}" },
        { "DELETE", "/api/requests/{0}?purge=true" },
        { "DELETE", "/api/v1/requests/{0}?purge=true" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Another_users_request_is_answered_like_one_that_does_not_exist(string method, string path)
    {
        using HttpClient alice = guarded.ClientOf("alice");
        using HttpClient bob = guarded.ClientOf("bob");
        Guid theirs = await AskAsync(alice);
        Guid nobodys = Guid.CreateVersion7();

        string forTheirs = await AnswerAsync(bob, method, string.Format(null, path, theirs));
        string forNobodys = await AnswerAsync(bob, method, string.Format(null, path, nobodys));

        Assert.StartsWith("404 ", forTheirs, StringComparison.Ordinal);
        Assert.Equal(forNobodys.Replace($"{nobodys}", "ID", StringComparison.Ordinal), forTheirs.Replace($"{theirs}", "ID", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/api/status/{theirs}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Each_user_lists_their_own_requests_and_an_administrator_all()
    {
        using HttpClient carol = guarded.ClientOf("carol");
        using HttpClient dave = guarded.ClientOf("dave");
        using HttpClient admin = guarded.ClientOf("root", "primes:admin");
        Guid carols = await AskAsync(carol);
        Guid daves = await AskAsync(dave);

        Assert.Equal([carols], await ListAsync(carol));
        Assert.Equal([daves], await ListAsync(dave));
        Assert.Empty((await ListAsync(admin)).Intersect([carols, daves]).Except([carols, daves]));
        Assert.Equal(2, (await ListAsync(admin)).Intersect([carols, daves]).Count());
        // The cursor of another user's request gives no access.
        Assert.Equal([carols], await ListAsync(carol, $"?cursor={Guid.CreateVersion7()}"));
    }

    [Fact]
    public async Task An_administrator_sees_and_ends_the_requests_of_others()
    {
        using HttpClient erin = guarded.ClientOf("erin");
        using HttpClient admin = guarded.ClientOf("root", "primes:admin");
        Guid id = await AskAsync(erin, quantity: 1_000, digits: 600);

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"/api/result/{id}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/requests/{id}", Cancellation)).StatusCode);
        Assert.Contains("cancelled", await AnswerAsync(erin, "GET", $"/api/status/{id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("primes:read", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("primes:write", HttpStatusCode.Forbidden, HttpStatusCode.Accepted)]
    [InlineData("openid profile primes:read primes:write", HttpStatusCode.OK, HttpStatusCode.Accepted)]
    [InlineData("primes:admin", HttpStatusCode.OK, HttpStatusCode.Accepted)]
    [InlineData("primes:readers primes:writeall", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task A_scope_permits_nothing_else(string scopes, HttpStatusCode reading, HttpStatusCode writing)
    {
        using HttpClient client = guarded.ClientOf("frank", scopes);

        using HttpResponseMessage read = await client.GetAsync("/api/requests", Cancellation);
        using HttpResponseMessage verified = await client.PostAsJsonAsync("/api/verify", new { numbers = new[] { "17" } }, Cancellation);
        using HttpResponseMessage written = await client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);

        Assert.Equal((reading, reading, writing), (read.StatusCode, verified.StatusCode, written.StatusCode));
        if (writing == HttpStatusCode.Forbidden)
        {
            Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"primes:write\"", written.Headers.WwwAuthenticate.ToString());
            Assert.Equal("application/problem+json", written.Content.Headers.ContentType?.MediaType);
        }
    }

    private static async Task<Guid> AskAsync(HttpClient client, int quantity = 1, int digits = 12)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await StandaloneApi.JsonAsync(response)).GetProperty("request_id").GetGuid();
    }

    private static async Task<Guid[]> ListAsync(HttpClient client, string query = "")
    {
        JsonElement page = await client.GetFromJsonAsync<JsonElement>($"/api/requests{query}", Cancellation);
        return [.. page.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("request_id").GetGuid())];
    }

    private static async Task<string> AnswerAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        string body = await response.Content.ReadAsStringAsync(Cancellation);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {TraceId().Replace(body, "")}";
    }

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
