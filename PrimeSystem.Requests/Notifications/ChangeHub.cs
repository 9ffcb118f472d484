using System.Collections.Immutable;

namespace PrimeSystem.Requests.Notifications;

/// <summary>Notifies the watchers in this process. The standalone system needs nothing else.</summary>
internal sealed class ChangeHub : IRequestChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ImmutableArray<ChangeSubscription>> _subscriptions = [];

    public void Notify(Guid requestId)
    {
        ImmutableArray<ChangeSubscription> listeners;
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(requestId, out listeners))
                return;
        }
        foreach (ChangeSubscription listener in listeners)
            listener.Signal();
    }

    /// <summary>Notifies all watchers, because notifications may have been lost.</summary>
    public void NotifyAll()
    {
        Guid[] requests;
        lock (_gate)
        {
            requests = [.. _subscriptions.Keys];
        }
        foreach (Guid request in requests)
            Notify(request);
    }

    public ChangeSubscription Subscribe(Guid requestId)
    {
        var subscription = new ChangeSubscription(this, requestId);
        lock (_gate)
        {
            _subscriptions[requestId] = _subscriptions.GetValueOrDefault(requestId, []).Add(subscription);
        }
        return subscription;
    }

    internal void Remove(ChangeSubscription subscription)
    {
        lock (_gate)
        {
            ImmutableArray<ChangeSubscription> left = _subscriptions.GetValueOrDefault(subscription.RequestId, []).Remove(subscription);
            if (left.IsEmpty)
                _subscriptions.Remove(subscription.RequestId);
            else
                _subscriptions[subscription.RequestId] = left;
        }
    }
}
