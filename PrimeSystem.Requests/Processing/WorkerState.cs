namespace PrimeSystem.Requests.Processing;

/// <summary>The state of a process that processes batches, as it last reported it.</summary>
public sealed record WorkerState
{
    /// <summary>Identifies the process; a restarted worker has another id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The machine and the process id, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Processor cores that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Batches that the process can work on at a time, in both lanes.</summary>
    public required int Consumers { get; init; }

    /// <summary>Batches that the process is working on.</summary>
    public required int Busy { get; init; }

    /// <summary>Primes stored per second, over about the last ten seconds.</summary>
    public required double PrimesPerSecond { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the process last reported.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
