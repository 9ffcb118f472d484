namespace PrimeSystem.Requests.Storage;

/// <summary>How a purge ended.</summary>
public enum PurgeOutcome
{
    /// <summary>There is no such request.</summary>
    NotFound,

    /// <summary>It had ended already and is out of sight.</summary>
    Ended,

    /// <summary>It had not ended: it is cancelled and out of sight.</summary>
    Cancelled,
}
