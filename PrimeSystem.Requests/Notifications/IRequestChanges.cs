namespace PrimeSystem.Requests.Notifications;

/// <summary>
/// Word that a request has changed, between all processes. It is a hint and may be lost: who watches a request reads on from its position when word
/// comes, and every two seconds all the same.
/// </summary>
public interface IRequestChanges
{
    /// <summary>Says that a request has changed; called after the commit.</summary>
    void Announce(Guid requestId);

    /// <summary>Listens for changes of a request until disposed.</summary>
    ChangeSubscription Subscribe(Guid requestId);
}
