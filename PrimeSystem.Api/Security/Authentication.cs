using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace PrimeSystem.Api.Security;

/// <summary>
/// Authentication by bearer tokens of an OpenID Connect issuer (<c>Authentication:Authority</c>, <c>Authentication:Audience</c>), or of
/// <c>dotnet user-jwts</c> in development. Without either, calls are anonymous; in production on servers that must be allowed explicitly.
/// </summary>
internal static class Authentication
{
    private const string Section = "Authentication";

    /// <summary>The claim with a user's permanent id.</summary>
    private const string Subject = "sub";

    /// <summary>How far the issuer's clock may differ from this machine's.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddAuthentication(this WebApplicationBuilder builder)
    {
        AuthenticationBuilder authentication = builder.Services.AddAuthentication();
        bool isConfigured = IsConfigured(builder.Configuration);
        if (isConfigured)
            AddBearerTokens(authentication, builder);
        AuthorizationBuilder authorization = builder.Services.AddAuthorizationBuilder();
        foreach (string scope in new[] { Scopes.Read, Scopes.Write, Scopes.Admin })
            authorization.AddPolicy(scope, policy => Require(policy, isConfigured ? scope : null));
    }

    /// <summary>Ends the start if calls would be anonymous without being allowed to.</summary>
    /// <exception cref="InvalidOperationException">In production, no issuer is configured and anonymous calls are not allowed.</exception>
    public static void RequireAuthenticationInProduction(this WebApplication app)
    {
        if (!IsConfigured(app.Configuration) && app.Environment.IsProduction()
            && !app.Configuration.GetValue<bool>($"{Section}:AllowAnonymous"))
        {
            throw new InvalidOperationException(
                $"No authentication is configured. Set {Section}:Authority and {Section}:Audience, or {Section}:AllowAnonymous=true to allow anonymous calls.");
        }
    }

    /// <summary>When the client's token expires, the clock difference included; <see cref="DateTimeOffset.MaxValue"/> without a token.</summary>
    public static DateTimeOffset TokenExpiresAt(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expires
        && expires < DateTimeOffset.MaxValue - ClockSkew
            ? expires + ClockSkew
            : DateTimeOffset.MaxValue;

    /// <summary>The user's permanent id; null for an anonymous call.</summary>
    public static string? SubjectOf(ClaimsPrincipal user) => user.FindFirstValue(Subject);

    /// <summary>Whether calls need a token.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[$"{Section}:Authority"])
        || configuration.GetSection($"{Section}:Schemes:{JwtBearerDefaults.AuthenticationScheme}").Exists();

    private static void Require(AuthorizationPolicyBuilder policy, string? scope)
    {
        if (scope is null)
            policy.RequireAssertion(_ => true);
        else
            policy.RequireAuthenticatedUser().RequireAssertion(context => Scopes.Has(context.User, scope) || Scopes.Has(context.User, Scopes.Admin));
    }

    private static void AddBearerTokens(AuthenticationBuilder authentication, WebApplicationBuilder builder)
    {
        string? authority = builder.Configuration[$"{Section}:Authority"];
        string? audience = builder.Configuration[$"{Section}:Audience"];
        if (!string.IsNullOrWhiteSpace(authority) && string.IsNullOrWhiteSpace(audience))
            throw new InvalidOperationException($"{Section}:Audience is missing. Without it, tokens for other services would be accepted.");

        // A token in the query of a stream must not be logged.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        authentication.AddJwtBearer(options =>
        {
            if (!string.IsNullOrWhiteSpace(authority))
            {
                options.Authority = authority;
                options.Audience = audience;
                // The issuer's keys must come by HTTPS, unless the issuer is on this machine.
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
                    context.Token = TokenInQuery(context.Request);
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

    /// <summary>The token in the query, which only streams accept: a browser cannot set the headers of a WebSocket or an EventSource.</summary>
    private static string? TokenInQuery(HttpRequest request) =>
        request.Path.StartsWithSegments("/api/stream") || request.Path.StartsWithSegments("/api/v1/stream") ? request.Query["access_token"] : default(string);
}
