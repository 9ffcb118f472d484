namespace PrimeSystem.Api.SystemStatus;

/// <summary>A process that processes batches.</summary>
/// <param name="Name">Its machine and process id.</param>
/// <param name="Cores">Its processor cores.</param>
/// <param name="Consumers">The batches that it can process at a time.</param>
/// <param name="Busy">The batches that it is processing.</param>
/// <param name="PrimesPerSecond">The primes that it stores per second.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="LastSeen">When it last reported.</param>
public sealed record WorkerView(
    string Name, int Cores, int Consumers, int Busy, double PrimesPerSecond, DateTimeOffset StartedAt, DateTimeOffset LastSeen);
