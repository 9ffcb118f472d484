using System.Security.Claims;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// Decides which requests a client sees: a user their own, an administrator all. Without authentication, requests have no owner, and every client sees
/// them.
/// </summary>
internal sealed class RequestAccess(CompletedRequests requests)
{
    /// <summary>The requests that a user may see.</summary>
    public static OwnerFilter VisibleTo(ClaimsPrincipal user) =>
        Scopes.Has(user, Scopes.Admin) ? OwnerFilter.Everybody : OwnerFilter.Only(Authentication.SubjectOf(user));

    /// <summary>Finds a request that the user may see. For another user's request it returns null, as for an unknown id, so that ids are not disclosed.</summary>
    public async Task<PrimeRequest?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        await requests.FindAsync(id, cancellationToken) is { } request && VisibleTo(user).Includes(request.Owner) ? request : null;
}
