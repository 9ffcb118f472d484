using System.Net.Http.Headers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>A standalone Api with authentication, and clients with tokens of its issuer.</summary>
public sealed class GuardedApi : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    internal StandaloneApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        Api = new StandaloneApi(Issuer.Settings);
    }

    /// <summary>A client that sends a token with each call.</summary>
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
