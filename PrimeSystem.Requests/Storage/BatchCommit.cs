namespace PrimeSystem.Requests.Storage;

/// <summary>The result of an attempt to store a batch.</summary>
/// <param name="Outcome">What became of the batch.</param>
/// <param name="GeneratedCount">The number of primes that the request has now; 0 unless the batch was committed.</param>
public readonly record struct BatchCommit(CommitOutcome Outcome, int GeneratedCount = 0)
{
    /// <summary>The indexes in the batch of the primes that collided; empty unless that is the outcome.</summary>
    public IReadOnlyList<int> Collided { get => field ?? []; private init; }

    internal static BatchCommit CollidedAt(IReadOnlyList<int> indexes) => new(CommitOutcome.Collided) { Collided = indexes };
}
