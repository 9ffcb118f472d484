namespace PrimeSystem.Requests.Storage;

/// <summary>What became of a batch that a worker wanted to store.</summary>
public enum CommitOutcome
{
    /// <summary>It is stored, by this call.</summary>
    Committed,

    /// <summary>It was stored before, by another worker or by an earlier try of this one.</summary>
    AlreadyDone,

    /// <summary>The request has ended or is gone; nothing was stored.</summary>
    Ended,
}
