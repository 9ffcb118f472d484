using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;
using PrimeSystem.Requests.Hosting;

namespace PrimeSystem.Api.Access;

/// <summary>
/// Who asks, and what they may: bearer tokens of an OpenID Connect issuer (<c>Authentication:Authority</c>, <c>Authentication:Audience</c>), or those of
/// <c>dotnet user-jwts</c> in development. Where neither is configured nobody signs in; in production on servers that has to be said.
/// </summary>
internal static class Authentication
{
    /// <summary>The claim that names a user for good.</summary>
    public const string Subject = "sub";

    private const string Section = "Authentication";

    /// <summary>How far the clock of an issuer may be from this one's.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RequestAccess>();
        AuthenticationBuilder authentication = builder.Services.AddAuthentication();
        bool isOn = IsConfigured(builder.Configuration);
        if (isOn)
            AddTokens(authentication, builder);
        AuthorizationBuilder authorization = builder.Services.AddAuthorizationBuilder();
        foreach (string scope in new[] { Scopes.Read, Scopes.Write, Scopes.Admin })
            authorization.AddPolicy(scope, policy => Demand(policy, isOn ? scope : null));
    }

    /// <exception cref="InvalidOperationException">In production on servers, nothing says who may ask.</exception>
    public static void UseAccess(this WebApplication app)
    {
        if (!IsConfigured(app.Configuration) && app.Environment.IsProduction() && !app.Configuration.IsStandalone()
            && !app.Configuration.GetValue<bool>($"{Section}:AllowAnonymous"))
        {
            throw new InvalidOperationException(
                $"Nobody could tell who asks: set {Section}:Authority and {Section}:Audience, or {Section}:AllowAnonymous=true if everybody may.");
        }
        app.UseAuthentication();
        app.UseAudit();
        // Tokens that are not believed count for the address.
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    /// <summary>Until when a caller is who the token says; for good where nobody signs in.</summary>
    public static DateTimeOffset BelievedUntil(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expires
        && expires < DateTimeOffset.MaxValue - ClockSkew
            ? expires + ClockSkew
            : DateTimeOffset.MaxValue;

    /// <summary>Whether users sign in.</summary>
    public static bool IsConfigured<T>(T configuration)
        where T : IConfiguration =>
        !string.IsNullOrWhiteSpace(configuration[$"{Section}:Authority"])
        || configuration.GetSection($"{Section}:Schemes:{JwtBearerDefaults.AuthenticationScheme}").Exists();

    private static void Demand(AuthorizationPolicyBuilder policy, string? scope)
    {
        if (scope is null)
            policy.RequireAssertion(_ => true);
        else
            policy.RequireAuthenticatedUser().RequireAssertion(context => Scopes.Has(context.User, scope) || Scopes.Has(context.User, Scopes.Admin));
    }

    private static void AddTokens(AuthenticationBuilder authentication, WebApplicationBuilder builder)
    {
        string? authority = builder.Configuration[$"{Section}:Authority"];
        string? audience = builder.Configuration[$"{Section}:Audience"];
        if (!string.IsNullOrWhiteSpace(authority) && string.IsNullOrWhiteSpace(audience))
            throw new InvalidOperationException($"{Section}:Audience is missing: without it, tokens that were issued for other services would be taken.");

        // A token in the query of a stream must not get into the log.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        authentication.AddJwtBearer(options =>
        {
            if (!string.IsNullOrWhiteSpace(authority))
            {
                options.Authority = authority;
                options.Audience = audience;
                // The issuer's keys come by HTTPS, unless it is on this machine.
                options.RequireHttpsMetadata &= !new Uri(authority).IsLoopback;
            }
            options.MapInboundClaims = false;
            TokenValidationParameters validation = options.TokenValidationParameters;
            validation.NameClaimType = Subject;
            validation.ClockSkew = ClockSkew;
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = TokenOfStream(context.Request);
                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    if (string.IsNullOrEmpty(context.Principal?.FindFirstValue(Subject)))
                        context.Fail("The token has no subject.");
                    return Task.CompletedTask;
                },
                OnForbidden = context =>
                {
                    string? scope = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
                    context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
                    return Task.CompletedTask;
                },
            };
        });
    }

    /// <summary>A browser cannot send headers with a WebSocket or an EventSource: there, and nowhere else, the token may stand in the query.</summary>
    private static string? TokenOfStream(HttpRequest request) =>
        request.Path.StartsWithSegments("/api/stream") || request.Path.StartsWithSegments("/api/v1/stream") ? request.Query["access_token"] : default(string);
}
