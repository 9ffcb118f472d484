using Microsoft.Extensions.Caching.Hybrid;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// Finds requests by id, completed ones in a cache. Completed requests do not change, but they can be purged: entries expire soon, and a purge removes
/// them from this process and from Redis. The cache knows nothing of owners; <see cref="RequestAccess"/> checks them.
/// </summary>
internal sealed class CompletedRequests(HybridCache cache, IRequestStore store)
{
    private static readonly HybridCacheEntryOptions OnlyFromCache = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    /// <summary>How long another process may still show a request that was purged here.</summary>
    private static readonly HybridCacheEntryOptions Expiration =
        new() { Expiration = TimeSpan.FromSeconds(30), LocalCacheExpiration = TimeSpan.FromSeconds(5) };

    /// <summary>Finds a request; null when there is none.</summary>
    public async Task<PrimeRequest?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        string key = KeyOf(id);
        if (await cache.GetOrCreateAsync<PrimeRequest?>(key, _ => ValueTask.FromResult<PrimeRequest?>(null), OnlyFromCache, cancellationToken: cancellationToken) is { } cached)
            return cached;
        PrimeRequest? request = await store.FindAsync(id, cancellationToken);
        if (request is { Status: RequestStatus.Completed })
            await cache.SetAsync(key, request, Expiration, cancellationToken: cancellationToken);
        return request;
    }

    /// <summary>Removes a request from the cache.</summary>
    public async Task ForgetAsync(Guid id, CancellationToken cancellationToken) => await cache.RemoveAsync(KeyOf(id), cancellationToken);

    private static string KeyOf(Guid id) => $"completed:{id:N}";
}
