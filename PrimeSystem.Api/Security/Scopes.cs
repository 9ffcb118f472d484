using System.Security.Claims;

namespace PrimeSystem.Api.Security;

/// <summary>What a token permits. Each is also the name of the policy that demands it; <see cref="Admin"/> includes the others.</summary>
internal static class Scopes
{
    /// <summary>To see one's own requests and their primes, and to verify.</summary>
    public const string Read = "primes:read";

    /// <summary>To ask for primes, and to cancel and delete one's own requests.</summary>
    public const string Write = "primes:write";

    /// <summary>All of it, for the requests of everybody.</summary>
    public const string Admin = "primes:admin";

    // Issuers differ in the name, and in whether several scopes are one value with spaces or a value each.
    private static readonly string[] Claims = ["scope", "scp"];

    /// <summary>Whether the token of a user holds a scope.</summary>
    public static bool Has(ClaimsPrincipal user, string scope) =>
        Claims.SelectMany(user.FindAll).Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));
}
