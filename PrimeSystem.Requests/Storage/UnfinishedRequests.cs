namespace PrimeSystem.Requests.Storage;

/// <summary>How many requests have not ended.</summary>
/// <param name="Pending">Accepted; no worker has started on them.</param>
/// <param name="Processing">A worker has.</param>
public readonly record struct UnfinishedRequests(long Pending, long Processing);
