using System.Security.Claims;

namespace PrimeSystem.Api.Security;

/// <summary>The scopes of a token. Each is also the name of the policy that requires it; <see cref="Admin"/> includes the others.</summary>
internal static class Scopes
{
    /// <summary>Permits a client to see its own requests and their primes, and to verify numbers.</summary>
    public const string Read = "primes:read";

    /// <summary>Permits a client to create requests, and to cancel and delete its own.</summary>
    public const string Write = "primes:write";

    /// <summary>Permits everything, for the requests of all users.</summary>
    public const string Admin = "primes:admin";

    // Issuers differ in the claim's name, and in whether several scopes are one value with spaces or one value each.
    private static readonly string[] Claims = ["scope", "scp"];

    /// <summary>Whether a user's token has a scope.</summary>
    public static bool Has(ClaimsPrincipal user, string scope) =>
        Claims.SelectMany(user.FindAll).Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));
}
