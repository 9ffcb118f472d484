using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>An OpenID Connect issuer on the loopback: it publishes its keys and signs tokens with them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "primes-api";

    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RsaSecurityKey _key;

    private TestIssuer(int port)
    {
        Address = $"http://127.0.0.1:{port}";
        _key = new RsaSecurityKey(_rsa) { KeyId = "key-1" };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => TypedResults.Text(
            $$"""{"issuer": "{{Address}}", "jwks_uri": "{{Address}}/keys", "id_token_signing_alg_values_supported": ["RS256"]}""", "application/json"));
        RSAParameters key = _rsa.ExportParameters(includePrivateParameters: false);
        _app.MapGet("/keys", () => TypedResults.Text(
            $$"""{"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "key-1", "n": "{{Base64UrlEncoder.Encode(key.Modulus)}}", "e": "{{Base64UrlEncoder.Encode(key.Exponent)}}"}]}""",
            "application/json"));
    }

    /// <summary>Its address, which is also its name.</summary>
    public string Address { get; }

    /// <summary>The settings with which an Api accepts tokens of this issuer.</summary>
    public Dictionary<string, string?> Settings => new() { ["Authentication:Authority"] = Address, ["Authentication:Audience"] = Audience };

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer(FreePort.Next());
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A valid token of the issuer, unless an argument changes that.</summary>
    /// <param name="subject">The user; no subject when null.</param>
    /// <param name="scopes">The scopes, separated by spaces.</param>
    /// <param name="issuer">The issuer that the token names.</param>
    /// <param name="audience">The audience.</param>
    /// <param name="lifetime">How long it is valid from now on.</param>
    /// <param name="scopeClaim">The claim that contains the scopes.</param>
    /// <param name="key">The key that signs it; the issuer's key when null.</param>
    public string Token(
        string? subject, string scopes = "primes:read primes:write", string? issuer = null, string audience = Audience, TimeSpan? lifetime = null,
        string scopeClaim = "scope", SigningCredentials? key = null)
    {
        var claims = new Dictionary<string, object> { [scopeClaim] = scopes };
        if (subject is not null)
            claims["sub"] = subject;
        DateTime now = DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            IssuedAt = now.AddHours(-1),
            Expires = now + (lifetime ?? TimeSpan.FromHours(1)),
            Claims = claims,
            SigningCredentials = key ?? new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>The public key, with which an attacker may try to sign.</summary>
    public byte[] PublicKey => _rsa.ExportSubjectPublicKeyInfo();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
