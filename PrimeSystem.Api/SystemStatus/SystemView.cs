namespace PrimeSystem.Api.SystemStatus;

/// <summary>The state of the whole system.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Workers">The processes that process batches.</param>
/// <param name="QueueDepth">The batches waiting in the queue; absent while the queue cannot be reached.</param>
/// <param name="PrimesPerSecond">The primes that all workers together store per second.</param>
/// <param name="Requests">The numbers of unfinished requests.</param>
/// <param name="History">The latest samples, oldest first, as many as were requested.</param>
public sealed record SystemView(
    DateTimeOffset At, IReadOnlyList<WorkerView> Workers, long? QueueDepth, double PrimesPerSecond, UnfinishedView Requests,
    IReadOnlyList<SystemSample> History);
