using System.Security.Claims;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// Who sees which requests: each user those of their own, an administrator all. Where nobody signs in, requests have no owner and everybody sees those.
/// </summary>
internal sealed class RequestAccess(CompletedRequests requests)
{
    /// <summary>The requests that a user sees.</summary>
    public static OwnerFilter VisibleTo(ClaimsPrincipal user) =>
        Scopes.Has(user, Scopes.Admin) ? OwnerFilter.Everybody : OwnerFilter.Only(Authentication.SubjectOf(user));

    /// <summary>A request that the user may see; null where there is none and where it is another's, so that nobody learns which ids there are.</summary>
    public async Task<PrimeRequest?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        await requests.FindAsync(id, cancellationToken) is { } request && VisibleTo(user).Includes(request.Owner) ? request : null;
}
