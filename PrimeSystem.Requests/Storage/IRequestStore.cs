namespace PrimeSystem.Requests.Storage;

/// <summary>
/// Where requests and their primes are kept. Every method may be repeated without harm, and every one throws
/// <see cref="StoreUnavailableException"/> while the database cannot be reached; what was to be written may then have been written all the same.
/// </summary>
public interface IRequestStore
{
    /// <summary>Stores a new request, unless its key or its account's budget forbids it. It is accepted from the moment this says so.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The client's name for it, if any.</param>
    /// <param name="charge">What it costs, if anything; the times in a refusal are the charge's.</param>
    /// <param name="cancellationToken">Gives up; it may have been accepted all the same.</param>
    Task<Acceptance> AcceptAsync(PrimeRequest request, IdempotencyKey? key, WorkCharge? charge, CancellationToken cancellationToken);

    /// <summary>Deletes what means nothing any more: keys that were used before a moment, and the rows of budgets that are full.</summary>
    Task ForgetAsync(DateTimeOffset keysBefore, CancellationToken cancellationToken);

    /// <summary>A request, or null where there is none (or it is being purged).</summary>
    Task<PrimeRequest?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Those of these requests that are there (and not being purged), in any order.</summary>
    /// <param name="ids">A few hundred at most.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<PrimeRequest>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Requests from the newest to the oldest.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="status">Only those in this status; all when null.</param>
    /// <param name="before">Only those older than this id; from the newest when null.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<PrimeRequest>> ListAsync(
        OwnerFilter owner, RequestStatus? status, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>Primes by position: what was once at an offset stays there.</summary>
    /// <returns>Those from <paramref name="offset"/> on, at most <paramref name="count"/>, fewer where there are not so many.</returns>
    Task<IReadOnlyList<string>> ReadPrimesAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken);

    /// <summary>As <see cref="ReadPrimesAsync"/>, for those who pass them on: the digits of all in one, as ASCII, without anything between them.</summary>
    Task<ReadOnlyMemory<byte>> ReadDigitsAsync(PrimeRequest request, int offset, int count, CancellationToken cancellationToken);

    /// <summary>Cancels a request that has not ended.</summary>
    /// <returns>Whether this call did.</returns>
    Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Hides a request and cancels it; <see cref="DeletePurgedAsync"/> then deletes what it holds.</summary>
    Task<PurgeOutcome> PurgeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Purges requests that were completed at a time or earlier, at most so many, the oldest first.</summary>
    /// <returns>How many.</returns>
    Task<int> PurgeCompletedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes one chunk of the oldest purged request, the request itself last.</summary>
    /// <returns>Whether anything was left to delete.</returns>
    Task<bool> DeletePurgedAsync(CancellationToken cancellationToken);

    /// <summary>Fails a request that has not ended, with a reason for its client.</summary>
    /// <returns>Whether this call did.</returns>
    Task<bool> FailAsync(Guid id, string reason, CancellationToken cancellationToken);

    /// <summary>The request of a batch and whether the batch is done; null where there is no such request.</summary>
    Task<BatchState?> FindBatchAsync(Guid id, int batch, CancellationToken cancellationToken);

    /// <summary>Stores a batch and counts it, in one transaction that takes place once however often it is tried.</summary>
    /// <param name="request">The request as it was read before.</param>
    /// <param name="batch">The number of the batch.</param>
    /// <param name="primes">As many primes as the batch has.</param>
    /// <param name="cancellationToken">Rolls the transaction back.</param>
    Task<BatchCommit> CommitBatchAsync(PrimeRequest request, int batch, IReadOnlyList<FoundPrime> primes, CancellationToken cancellationToken);

    /// <summary>Counts the requests that have not ended.</summary>
    Task<UnfinishedRequests> CountUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>Notes that a worker is at the request, unless that was noted after <paramref name="unlessSince"/>.</summary>
    Task MarkSeenAsync(Guid id, DateTimeOffset unlessSince, CancellationToken cancellationToken);

    /// <summary>Notes that the first batches of these requests are in the queue.</summary>
    Task MarkDispatchedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Makes a request count as undispatched, if it is unfinished: some of its messages are gone.</summary>
    Task ForgetDispatchAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Makes every unfinished request count as undispatched: after the loss of a queue that lived in this process.</summary>
    Task ForgetDispatchesAsync(CancellationToken cancellationToken);

    /// <summary>Undispatched unfinished requests created before a moment, the oldest first.</summary>
    Task<IReadOnlyList<PrimeRequest>> FindUndispatchedAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Dispatched unfinished requests at which nobody has been seen for <paramref name="after"/> · 2^sweeps, the oldest first.</summary>
    Task<IReadOnlyList<PrimeRequest>> FindStalledAsync(TimeSpan after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts one more sweep of a request.</summary>
    Task MarkSweptAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The lowest batches of a request that are not done, in order.</summary>
    Task<IReadOnlyList<int>> FindUnfinishedBatchesAsync(PrimeRequest request, int limit, CancellationToken cancellationToken);

    /// <summary>Takes the lock of a duty, which one process can hold at a time. Disposing gives it back.</summary>
    /// <returns>The lock, or null while another process holds it.</returns>
    Task<IAsyncDisposable?> TryLockAsync(SweepDuty duty, CancellationToken cancellationToken);

    /// <summary>Returns when the database answers.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
