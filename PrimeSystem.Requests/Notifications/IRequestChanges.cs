namespace PrimeSystem.Requests.Notifications;

/// <summary>
/// Notifies the watchers of a request, in all processes, that it has changed. A notification may be lost: watchers read on from their position when one
/// arrives, and every two seconds in any case.
/// </summary>
public interface IRequestChanges
{
    /// <summary>Notifies that a request has changed. Call it after the commit.</summary>
    void Notify(Guid requestId);

    /// <summary>Subscribes to changes of a request until disposed.</summary>
    ChangeSubscription Subscribe(Guid requestId);
}
