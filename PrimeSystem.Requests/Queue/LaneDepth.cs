namespace PrimeSystem.Requests.Queue;

/// <summary>The depth of one lane.</summary>
/// <param name="Ready">Messages that wait, without those that a consumer holds.</param>
/// <param name="Consumers">Consumers of all processes.</param>
public readonly record struct LaneDepth(long Ready, int Consumers);
