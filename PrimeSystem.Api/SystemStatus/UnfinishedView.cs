namespace PrimeSystem.Api.SystemStatus;

/// <summary>The numbers of unfinished requests, by status.</summary>
public sealed record UnfinishedView(long Pending, long Processing);
