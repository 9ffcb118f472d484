namespace PrimeSystem.Requests;

/// <summary>Where a request stands: <c>pending → processing → completed | failed | cancelled</c>.</summary>
public enum RequestStatus
{
    /// <summary>Accepted; no worker has started on it.</summary>
    Pending,

    /// <summary>At least one worker has started on it.</summary>
    Processing,

    /// <summary>All its primes are stored.</summary>
    Completed,

    /// <summary>It cannot be completed; <see cref="PrimeRequest.Failure"/> says why.</summary>
    Failed,

    /// <summary>Its client called it off.</summary>
    Cancelled,
}
