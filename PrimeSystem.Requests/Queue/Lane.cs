namespace PrimeSystem.Requests.Queue;

/// <summary>A queue of its own for small requests, so that they never wait behind big ones.</summary>
public enum Lane
{
    /// <summary>Ordinary requests.</summary>
    Batches,

    /// <summary>Requests with little work.</summary>
    Express,
}
