using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// Publishes persistent, mandatory messages and waits for the broker's confirms. It has a connection of its own: a broker short of memory or disk
/// stops reading from connections that publish, and acknowledgements must not wait behind that.
/// </summary>
internal sealed class RabbitMqPublisher(IConnectionFactory factory, QueueOptions options) : IAsyncDisposable
{
    private readonly RabbitMqConnection _connection = new(factory, "primes publisher");
    private readonly SemaphoreSlim _opening = new(1, 1);
    private IChannel? _channel;

    /// <summary>Publishes deliveries' messages with what is to be remembered of them.</summary>
    /// <exception cref="QueueUnavailableException">Not all were confirmed.</exception>
    public async Task PublishAsync(string queue, IEnumerable<Delivery> deliveries, CancellationToken cancellationToken)
    {
        IChannel channel = await GetChannelAsync(cancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.ConfirmWithin);
        try
        {
            await Task.WhenAll(deliveries.Select(delivery => PublishAsync(channel, queue, delivery, timeout.Token)));
        }
        catch (Exception e)
        {
            // Whatever it was (a nack, a return because the queue is gone, silence): the next try starts on a new channel, with the queues declared.
            await DropAsync(channel);
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueueUnavailableException("The message broker did not confirm.", e);
        }
    }

    /// <summary>Messages waiting in a queue, and its consumers.</summary>
    public async Task<LaneDepth> ReadDepthAsync(string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await GetChannelAsync(cancellationToken);
        try
        {
            QueueDeclareOk state = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return new LaneDepth(state.MessageCount, (int)state.ConsumerCount);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await DropAsync(channel);
            throw new QueueUnavailableException("The message broker does not answer.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
            await DropAsync(channel);
        await _connection.DisposeAsync();
    }

    private static async Task PublishAsync(IChannel channel, string queue, Delivery delivery, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { Persistent = true, ContentType = "application/json" };
        var headers = new Dictionary<string, object?>();
        if (delivery.MayHaveRun)
            headers[Topology.MayHaveRunHeader] = true;
        if (delivery.Faults > 0)
            headers[Topology.FaultsHeader] = delivery.Faults;
        if (delivery.Deliveries > 0)
            headers[Topology.DeliveriesHeader] = delivery.Deliveries;
        if (delivery.Message.TraceParent is { } traceParent)
            headers[Topology.TraceParentHeader] = traceParent;
        if (headers.Count > 0)
            properties.Headers = headers;
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, delivery.Message.ToJson(), cancellationToken);
    }

    private async Task<IChannel> GetChannelAsync(CancellationToken cancellationToken)
    {
        _connection.ThrowIfBlocked();
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is not { IsOpen: true })
            {
                // The client's default limiter would delay publishing from 64 unconfirmed messages on; callers bound how many they publish at once.
                var confirming = new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
                _channel = await _connection.OpenChannelAsync(confirming, cancellationToken);
            }
            return _channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task DropAsync(IChannel channel)
    {
        Interlocked.CompareExchange(ref _channel, null, channel);
        try
        {
            // On a broken connection the closing handshake is waited for in vain.
            await channel.DisposeAsync().AsTask().WaitAsync(RabbitMqConnection.CloseWithin);
        }
        catch (Exception)
        {
            // It was of no use any more.
        }
    }
}
