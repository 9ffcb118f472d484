namespace PrimeSystem.Requests.Storage;

/// <summary>A request and the state of one of its batches.</summary>
public sealed record BatchState(PrimeRequest Request, bool IsDone);
