namespace PrimeSystem.Requests.Storage;

/// <summary>A duty that one process carries out at a time. Its number is part of the lock that processes of other releases hold as well.</summary>
public enum SweepDuty
{
    /// <summary>To rescue requests that are undispatched or stalled.</summary>
    Rescue = 2,

    /// <summary>To remove what has expired.</summary>
    Expiry = 3,

    /// <summary>To delete what purged requests hold.</summary>
    Purge = 4,
}
