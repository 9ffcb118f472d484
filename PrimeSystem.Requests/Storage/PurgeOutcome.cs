namespace PrimeSystem.Requests.Storage;

/// <summary>The result of a purge.</summary>
public enum PurgeOutcome
{
    /// <summary>There is no such request.</summary>
    NotFound,

    /// <summary>The request had ended already and is hidden.</summary>
    Ended,

    /// <summary>The request had not ended; it is cancelled and hidden.</summary>
    Cancelled,
}
