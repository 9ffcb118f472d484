namespace PrimeSystem.Requests.Storage;

/// <summary>How the storing of a batch ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="GeneratedCount">Primes the request has with it; 0 unless it was committed.</param>
public readonly record struct BatchCommit(CommitOutcome Outcome, int GeneratedCount = 0);
