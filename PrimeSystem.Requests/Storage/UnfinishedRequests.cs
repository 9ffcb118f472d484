namespace PrimeSystem.Requests.Storage;

/// <summary>The number of requests that have not ended.</summary>
/// <param name="Pending">Requests on which no worker has started.</param>
/// <param name="Processing">Requests on which a worker has started.</param>
/// <param name="Undispatched">Requests of either kind that are not in the queue.</param>
public sealed record UnfinishedRequests(long Pending, long Processing, long Undispatched);
