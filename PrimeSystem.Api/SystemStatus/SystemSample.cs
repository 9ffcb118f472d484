namespace PrimeSystem.Api.SystemStatus;

/// <summary>The figures of the system at one moment.</summary>
public sealed record SystemSample(DateTimeOffset At, double PrimesPerSecond, long? QueueDepth, int Workers);
