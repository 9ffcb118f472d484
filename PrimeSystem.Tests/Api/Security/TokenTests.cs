using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using PrimeSystem.Api.Streaming;
using PrimeSystem.Tests.Api.Streaming;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>Which tokens are accepted, and which are rejected.</summary>
public sealed class TokenTests(GuardedApi guarded) : IClassFixture<GuardedApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestIssuer Issuer => guarded.Issuer;

    [Theory]
    [InlineData("scope")]
    [InlineData("scp")]
    public async Task A_valid_token_is_accepted_whichever_claim_contains_its_scopes(string claim) =>
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Issuer.Token("alice", scopeClaim: claim))).StatusCode);

    [Fact]
    public async Task A_token_of_dotnet_user_jwts_is_accepted_where_its_keys_are_configured()
    {
        const string issuer = "dotnet-user-jwts";
        const string section = "Authentication:Schemes:Bearer";
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using var api = new StandaloneApi(new()
        {
            [$"{section}:ValidIssuer"] = issuer,
            [$"{section}:ValidAudiences:0"] = TestIssuer.Audience,
            [$"{section}:SigningKeys:0:Issuer"] = issuer,
            [$"{section}:SigningKeys:0:Value"] = Convert.ToBase64String(secret),
        });
        var key = new SigningCredentials(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(Issuer.Token("alice", issuer: issuer, key: key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Issuer.Token("alice", issuer: issuer)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Issuer.Token("alice", key: key)));

        async Task<HttpStatusCode> AskAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/requests");
            request.Headers.Authorization = new("Bearer", token);
            return (await api.Client.SendAsync(request, Cancellation)).StatusCode;
        }
    }

    [Fact]
    public Task No_token_is_401() => IsRejectedAsync(null, "Bearer");

    [Fact]
    public Task A_malformed_token_is_401() => IsRejectedAsync("nonsense");

    [Fact]
    public Task An_expired_token_is_401() => IsRejectedAsync(Issuer.Token("alice", lifetime: TimeSpan.FromMinutes(-2)));

    [Fact]
    public Task A_token_for_another_service_is_401() => IsRejectedAsync(Issuer.Token("alice", audience: "another-api"));

    [Fact]
    public Task A_token_that_names_another_issuer_is_401() => IsRejectedAsync(Issuer.Token("alice", issuer: "https://issuer.example"));

    [Fact]
    public async Task A_token_of_another_issuer_is_401()
    {
        await using TestIssuer other = await TestIssuer.StartAsync();
        // It claims to be ours, and its key has the id of ours.
        await IsRejectedAsync(other.Token("alice", issuer: Issuer.Address));
    }

    [Fact]
    public Task A_token_without_a_subject_is_401() => IsRejectedAsync(Issuer.Token(subject: null));

    [Fact]
    public async Task An_unsigned_token_is_401()
    {
        string[] parts = Issuer.Token("alice").Split('.');
        string none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");

        await IsRejectedAsync($"{none}.{parts[1]}.");
        await IsRejectedAsync($"{none}.{parts[1]}.{parts[2]}");
    }

    [Fact]
    public Task A_token_signed_with_the_public_key_as_a_secret_is_401() => IsRejectedAsync(
        Issuer.Token("alice", key: new SigningCredentials(new SymmetricSecurityKey(Issuer.PublicKey) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256)));

    [Fact]
    public async Task A_token_that_was_altered_is_401()
    {
        string[] parts = Issuer.Token("alice", "primes:read").Split('.');
        string claims = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1])).Replace("primes:read", "primes:admin", StringComparison.Ordinal);
        Assert.Contains("primes:admin", claims, StringComparison.Ordinal);

        await IsRejectedAsync($"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}");
    }

    [Fact]
    public async Task Only_streams_accept_a_token_in_the_query()
    {
        string token = Issuer.Token("alice");
        Guid id = Guid.CreateVersion7();
        string[] closed = ["requests", $"status/{id}", $"result/{id}", "v1/requests", $"v1/status/{id}"];

        foreach (string path in closed)
            Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Api.Client.GetAsync($"/api/{path}?access_token={token}", Cancellation)).StatusCode);
        foreach (string path in new[] { $"stream/{id}", $"v1/stream/{id}" })
            Assert.NotEqual(HttpStatusCode.Unauthorized, (await guarded.Api.Client.GetAsync($"/api/{path}?access_token={token}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        using HttpClient alice = guarded.ClientOf("alice");
        using HttpResponseMessage asked = await alice.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 9_000 }, Cancellation);
        Guid id = (await asked.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetGuid();
        // Clocks may differ by 30 s, so five seconds are left.
        string token = Issuer.Token("alice", lifetime: TimeSpan.FromSeconds(-25));
        using Watcher watcher = await Watcher.ConnectAsync(guarded.Api.Client.BaseAddress!, id, token: token);
        using HttpClient expiring = guarded.ClientWith(token);

        Task<string> events = expiring.GetStringAsync($"/api/stream/{id}", Cancellation);
        await watcher.ToTheEndAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(WebSocketStream.Expired, watcher.Closed);
        Assert.DoesNotContain("event: end", await events.WaitAsync(TimeSpan.FromSeconds(30), Cancellation), StringComparison.Ordinal);
        Assert.Equal("processing", (await alice.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("status").GetString());
        (await alice.DeleteAsync($"/api/requests/{id}", Cancellation)).Dispose();
    }

    [Fact]
    public async Task Public_addresses_need_no_token()
    {
        foreach (string path in new[] { "/", "/docs/", "/openapi/v1.json", "/alive", "/ready", "/health" })
            Assert.True((await guarded.Api.Client.GetAsync(path, Cancellation)).IsSuccessStatusCode, path);
    }

    [Fact]
    public async Task In_production_on_servers_a_process_without_authentication_does_not_start()
    {
        (int code, string output) = await ServiceProcess.RunApiAsync([], Servers([]));

        Assert.NotEqual(0, code);
        Assert.Contains("Authentication:AllowAnonymous=true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_with_an_issuer_and_no_audience_does_not_start()
    {
        (int code, string output) = await ServiceProcess.RunApiAsync([], Servers(new() { ["Authentication__Authority"] = Issuer.Address }));

        Assert.NotEqual(0, code);
        Assert.Contains("Authentication:Audience is missing", output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Servers(Dictionary<string, string?> settings) => new(settings)
    {
        ["ConnectionStrings__primes"] = "Host=127.0.0.1;Port=1",
        ["ConnectionStrings__messaging"] = "amqp://127.0.0.1:1",
    };

    private async Task IsRejectedAsync(string? token, string challenge = "Bearer error=\"invalid_token\"")
    {
        using HttpResponseMessage response = await GetAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(challenge, response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await StandaloneApi.JsonAsync(response);
        Assert.Equal(401, problem.GetProperty("status").GetInt32());
        if (token is not null)
            Assert.DoesNotContain(token, problem.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string? token)
    {
        if (token is null)
            return await guarded.Api.Client.GetAsync("/api/requests", Cancellation);
        using HttpClient client = guarded.ClientWith(token);
        return await client.GetAsync("/api/requests", Cancellation);
    }
}
