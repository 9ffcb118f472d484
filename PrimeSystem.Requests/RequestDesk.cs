using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Events;
using PrimeSystem.Requests.Flow;
using PrimeSystem.Requests.Model;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests;

/// <summary>Where clients' requests come in: accepts them, and ends them.</summary>
public sealed class RequestDesk(IRequestStore store, Dispatcher dispatcher, IRequestChanges changes, IOptions<FlowOptions> options, TimeProvider time)
{
    /// <summary>
    /// Accepts a request that is within the limits (<see cref="RequestRules"/>): plans it, once, and stores it. From then on it is worked off, whatever
    /// else is down.
    /// </summary>
    /// <param name="owner">Whose it is; null where nobody signs in.</param>
    /// <param name="quantity">How many primes.</param>
    /// <param name="digits">Decimal digits of each.</param>
    /// <param name="cancellationToken">Gives up; it may have been accepted all the same.</param>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is promised.</exception>
    public async Task<PrimeRequest> AcceptAsync(string? owner, int quantity, int digits, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        var request = new PrimeRequest
        {
            Id = Guid.CreateVersion7(now),
            Owner = owner,
            Quantity = quantity,
            Digits = digits,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = BatchPlan.For(quantity, digits, options.Value.Window),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await store.CreateAsync(request, cancellationToken);
        dispatcher.Announce(request);
        return request;
    }

    /// <summary>Cancels a request that has not ended; its primes so far stay.</summary>
    /// <returns>The request as it is now, or null where there is none.</returns>
    public async Task<PrimeRequest?> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        PrimeRequest? request = await store.CancelAsync(id, cancellationToken);
        if (request is not null)
            changes.Announce(id);
        return request;
    }

    /// <summary>Removes a request and its primes, whatever its status. It is out of sight at once.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> PurgeAsync(Guid id, CancellationToken cancellationToken)
    {
        bool found = await store.PurgeAsync(id, cancellationToken);
        if (found)
            changes.Announce(id);
        return found;
    }
}
