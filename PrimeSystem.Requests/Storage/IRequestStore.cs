namespace PrimeSystem.Requests.Storage;

/// <summary>
/// Stores requests and their primes. Every method can be repeated without harm, and throws <see cref="StoreUnavailableException"/> while the database
/// cannot be reached; the data may then have been written all the same.
/// </summary>
public interface IRequestStore
{
    /// <summary>Stores a new request, unless its key belongs to another order or its account cannot pay. From then on it is accepted.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The idempotency key, if any.</param>
    /// <param name="charge">The charge to its account, if any. The times of a refusal are in the unit of the charge.</param>
    /// <param name="cancellationToken">Ends the wait. The request may be accepted all the same.</param>
    Task<AcceptResult> AcceptAsync(PrimeRequest request, IdempotencyKey? key, WorkCharge? charge, CancellationToken cancellationToken);

    /// <summary>Deletes what has expired: idempotency keys that were used before a moment, and the rows of budgets that are full again.</summary>
    Task DeleteExpiredAsync(DateTimeOffset keysBefore, CancellationToken cancellationToken);

    /// <summary>A request; null if it does not exist or is being purged.</summary>
    Task<PrimeRequest?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Requests by their ids, in any order, without those that do not exist or are being purged.</summary>
    /// <param name="ids">A few hundred at most.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<PrimeRequest>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Requests from the newest to the oldest.</summary>
    /// <param name="owner">Whose requests.</param>
    /// <param name="status">Only those in this status; all when null.</param>
    /// <param name="before">Only those older than this id; from the newest when null.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<PrimeRequest>> ListAsync(
        OwnerFilter owner, RequestStatus? status, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>Primes by position. The prime at a position never changes.</summary>
    /// <returns>At most <paramref name="count"/> primes from <paramref name="offset"/> on.</returns>
    Task<IReadOnlyList<string>> ReadPrimesAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken);

    /// <summary>The digits of the primes of <see cref="ReadPrimesAsync"/> as ASCII, without separators.</summary>
    Task<ReadOnlyMemory<byte>> ReadDigitsAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken);

    /// <summary>Cancels a request that has not ended.</summary>
    /// <returns>Whether this call did.</returns>
    Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Hides a request and cancels it; <see cref="DeletePurgedAsync"/> then deletes what it holds.</summary>
    Task<PurgeOutcome> PurgeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Purges requests that were completed at a time or before it, the oldest first.</summary>
    /// <returns>How many.</returns>
    Task<int> PurgeCompletedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes one chunk of the oldest purged request, the request itself last.</summary>
    /// <returns>Whether there was anything to delete.</returns>
    Task<bool> DeletePurgedAsync(CancellationToken cancellationToken);

    /// <summary>Fails a request that has not ended, with a reason for its client.</summary>
    /// <returns>Whether this call did.</returns>
    Task<bool> FailAsync(Guid id, string reason, CancellationToken cancellationToken);

    /// <summary>The request of a batch, and whether the batch is stored; null if there is no such request.</summary>
    Task<BatchState?> FindBatchAsync(Guid id, int batch, CancellationToken cancellationToken);

    /// <summary>Stores a batch and counts it, in one transaction that takes place once however often it is tried.</summary>
    /// <param name="request">The request as it was read before.</param>
    /// <param name="batch">The number of the batch.</param>
    /// <param name="primes">As many primes as the batch has.</param>
    /// <param name="cancellationToken">Rolls the transaction back.</param>
    Task<BatchCommit> CommitBatchAsync(PrimeRequest request, int batch, IReadOnlyList<FoundPrime> primes, CancellationToken cancellationToken);

    /// <summary>Counts the requests that have not ended.</summary>
    Task<UnfinishedRequests> CountUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>Records that a worker works on a request, unless that was recorded after <paramref name="unlessSince"/>.</summary>
    Task MarkSeenAsync(Guid id, DateTimeOffset unlessSince, CancellationToken cancellationToken);

    /// <summary>Records that the first batches of these requests are in the queue.</summary>
    Task MarkDispatchedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Marks an unfinished request as undispatched, because a message of it is lost.</summary>
    Task MarkUndispatchedAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Marks every unfinished request as undispatched, because the queue was lost with its process.</summary>
    Task MarkAllUndispatchedAsync(CancellationToken cancellationToken);

    /// <summary>Undispatched unfinished requests created before a moment, the oldest first.</summary>
    Task<IReadOnlyList<PrimeRequest>> FindUndispatchedAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Dispatched unfinished requests on which no worker has worked for <paramref name="after"/> · 2^sweeps, the oldest first.</summary>
    Task<IReadOnlyList<PrimeRequest>> FindStalledAsync(TimeSpan after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts one more sweep of a request.</summary>
    Task MarkSweptAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The lowest batches of a request that are not stored, in order.</summary>
    Task<IReadOnlyList<int>> FindUnfinishedBatchesAsync(PrimeRequest request, int limit, CancellationToken cancellationToken);

    /// <summary>Takes the lock of a duty, which one process can hold at a time. Disposing gives it back.</summary>
    /// <returns>The lock, or null while another process holds it.</returns>
    Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken);

    /// <summary>Returns if the database answers, and the last attempt to store something in it did not fail.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Returns when the database is available, or when it is this caller's turn to try whether it is.</summary>
    Task WaitUntilAvailableAsync(CancellationToken cancellationToken);
}
