using System.Net.Http.Headers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>A standalone Api that believes an issuer, and clients with tokens of it.</summary>
public sealed class GuardedApi : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    internal StandaloneApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        Api = new StandaloneApi(Issuer.Settings);
    }

    /// <summary>A client that shows a token of its own with each request.</summary>
    internal HttpClient ClientOf(string subject, string scopes = "primes:read primes:write") => ClientWith(Issuer.Token(subject, scopes));

    internal HttpClient ClientWith(string token)
    {
        var client = new HttpClient { BaseAddress = Api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Issuer.DisposeAsync();
    }
}
