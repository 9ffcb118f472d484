namespace PrimeSystem.Requests;

/// <summary>The status of a request: <c>pending → processing → completed | failed | cancelled</c>.</summary>
public enum RequestStatus
{
    /// <summary>It is accepted, and no worker has started on it.</summary>
    Pending,

    /// <summary>A worker has started on it.</summary>
    Processing,

    /// <summary>All its primes are stored.</summary>
    Completed,

    /// <summary>It cannot be completed; <see cref="PrimeRequest.Failure"/> says why.</summary>
    Failed,

    /// <summary>Its client cancelled it.</summary>
    Cancelled,
}
