namespace PrimeSystem.Requests.Storage;

/// <summary>How many requests have not ended.</summary>
/// <param name="Pending">No worker has started on them.</param>
/// <param name="Processing">At least one has.</param>
/// <param name="Undispatched">Those of both that are not in the queue.</param>
public sealed record UnfinishedRequests(long Pending, long Processing, long Undispatched);
