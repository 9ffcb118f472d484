namespace PrimeSystem.Requests.Storage;

/// <summary>What became of a batch that a worker wanted to store.</summary>
public enum CommitOutcome
{
    /// <summary>It is stored, by this call.</summary>
    Committed,

    /// <summary>It was stored before, by another worker or by an earlier attempt of this one.</summary>
    AlreadyDone,

    /// <summary>The request has some of its primes already. Nothing was stored: try again with others in their place.</summary>
    Collided,

    /// <summary>The request has ended or is gone. Nothing was stored.</summary>
    Ended,
}
