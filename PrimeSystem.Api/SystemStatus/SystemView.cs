namespace PrimeSystem.Api.SystemStatus;

/// <summary>The state of the whole system.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Workers">The processes that work batches off.</param>
/// <param name="QueueDepth">Batches that wait in the queue; absent while the queue cannot be reached.</param>
/// <param name="PrimesPerSecond">Primes that all workers together store in a second.</param>
/// <param name="Requests">Requests that have not ended.</param>
/// <param name="History">The last samples, the oldest first, as many as were asked for.</param>
public sealed record SystemView(
    DateTimeOffset At, IReadOnlyList<WorkerView> Workers, long? QueueDepth, double PrimesPerSecond, UnfinishedView Requests,
    IReadOnlyList<SystemSample> History);

/// <summary>A process that works batches off.</summary>
/// <param name="Name">Its machine and process.</param>
/// <param name="Cores">Its processor cores.</param>
/// <param name="Consumers">Batches that it can work on at a time.</param>
/// <param name="Busy">Batches that it is working on.</param>
/// <param name="PrimesPerSecond">Primes that it stores in a second.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="LastSeen">When it last told of itself.</param>
public sealed record WorkerView(
    string Name, int Cores, int Consumers, int Busy, double PrimesPerSecond, DateTimeOffset StartedAt, DateTimeOffset LastSeen);

/// <summary>Requests that have not ended.</summary>
public sealed record UnfinishedView(long Pending, long Processing);

/// <summary>The system at one moment, in numbers.</summary>
public sealed record SystemSample(DateTimeOffset At, double PrimesPerSecond, long? QueueDepth, int Workers);
