using System.Threading.Channels;

namespace PrimeSystem.Requests.Notifications;

/// <summary>A subscription to the changes of one request. Changes while nobody waits count as one.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ChangeHub _hub;

    internal ChangeSubscription(ChangeHub hub, Guid requestId)
    {
        _hub = hub;
        RequestId = requestId;
    }

    /// <summary>The request.</summary>
    public Guid RequestId { get; }

    /// <summary>Waits until the request has changed since the last call.</summary>
    /// <returns>False once the subscription has ended.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken) =>
        await _changed.Reader.WaitToReadAsync(cancellationToken) && _changed.Reader.TryRead(out _);

    public void Dispose()
    {
        _hub.Remove(this);
        _changed.Writer.TryComplete();
    }

    internal void Signal() => _changed.Writer.TryWrite(true);
}
