namespace PrimeSystem.Requests.Storage;

/// <summary>A request, and whether one of its batches is stored.</summary>
public sealed record BatchState(PrimeRequest Request, bool IsDone);
