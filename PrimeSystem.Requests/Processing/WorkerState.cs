namespace PrimeSystem.Requests.Processing;

/// <summary>A process that works batches off, as it last told of itself.</summary>
public sealed record WorkerState
{
    /// <summary>Of the process: one that is started again is another.</summary>
    public required Guid Id { get; init; }

    /// <summary>The machine and the process on it, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Processor cores that it may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Batches that it can work on at a time, of both lanes.</summary>
    public required int Consumers { get; init; }

    /// <summary>Batches that it is working on.</summary>
    public required int Busy { get; init; }

    /// <summary>Primes it stored per second, over the last ten seconds or so.</summary>
    public required double PrimesPerSecond { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last told of itself.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
