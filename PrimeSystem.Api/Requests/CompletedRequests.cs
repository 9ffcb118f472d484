using Microsoft.Extensions.Caching.Hybrid;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// Requests by id, those that are completed from a cache: they do not change, except that they can be purged. For that they live shortly, and a purge
/// removes them where it happens and from the level that the processes share. The cache knows nothing of owners; who reads from it checks them.
/// </summary>
internal sealed class CompletedRequests(HybridCache cache, IRequestStore store)
{
    private static readonly HybridCacheEntryOptions LookUp = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    /// <summary>How long another process may still show a request that was purged here.</summary>
    private static readonly HybridCacheEntryOptions Keep =
        new() { Expiration = TimeSpan.FromSeconds(30), LocalCacheExpiration = TimeSpan.FromSeconds(5) };

    /// <summary>A request, or null where there is none.</summary>
    public async Task<PrimeRequest?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        string key = KeyOf(id);
        if (await cache.GetOrCreateAsync<PrimeRequest?>(key, _ => ValueTask.FromResult<PrimeRequest?>(null), LookUp, cancellationToken: cancellationToken) is { } kept)
            return kept;
        PrimeRequest? request = await store.FindAsync(id, cancellationToken);
        if (request is { Status: RequestStatus.Completed })
            await cache.SetAsync(key, request, Keep, cancellationToken: cancellationToken);
        return request;
    }

    /// <summary>Has a request read anew.</summary>
    public async Task ForgetAsync(Guid id, CancellationToken cancellationToken) => await cache.RemoveAsync(KeyOf(id), cancellationToken);

    private static string KeyOf(Guid id) => $"completed:{id:N}";
}
