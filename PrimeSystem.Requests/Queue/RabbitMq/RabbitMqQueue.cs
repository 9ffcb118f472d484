using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// The queue on RabbitMQ 3.10 and later. One connection publishes, another consumes with a channel for each consumer: a broker short of memory or disk
/// stops reading from connections that publish, and acknowledgements must not wait behind that.
/// </summary>
internal sealed class RabbitMqQueue : IBatchQueue, IAsyncDisposable
{
    // The client's default limiter would delay publishing from 64 unconfirmed messages on; callers bound how many they publish at once.
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);

    private readonly RabbitMqConnection _publisher;
    private readonly RabbitMqConnection _consumers;
    private readonly RabbitMqChannel _publishing;
    private readonly RabbitMqChannel _sampling;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RabbitMqQueue> _log;

    public RabbitMqQueue(IConnectionFactory factory, IOptions<QueueOptions> options, TimeProvider time, ILogger<RabbitMqQueue> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        _publisher = new RabbitMqConnection(factory, "primes publisher");
        _consumers = new RabbitMqConnection(factory, "primes consumers");
        _publishing = new RabbitMqChannel(_publisher, Confirming);
        _sampling = new RabbitMqChannel(_publisher, options: null);
    }

    public bool IsDurable => true;

    public async Task PublishAsync(IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await _publishing.UseAsync(
            async channel =>
            {
                timeout.CancelAfter(_options.ConfirmWithin);
                await Task.WhenAll(messages.Select(message => PublishAsync(channel, message, timeout.Token)));
                return messages.Count;
            },
            "The message broker did not confirm.",
            cancellationToken);
    }

    public Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken) => _sampling.UseAsync(
        async channel =>
        {
            // A broker short of memory or disk says so only to a connection that publishes, and then answers nothing on it.
            await channel.BasicPublishAsync("", Topology.Nowhere, body: default, cancellationToken);
            return await _publisher.UnlessBlockedAsync(ReadDepthsAsync(channel, cancellationToken));
        },
        "The message broker does not answer.",
        cancellationToken);

    public Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned) =>
        new RabbitMqConsumer(_consumers, lane, handler, _time, _log).RunAsync(stopping, abandoned);

    public async ValueTask DisposeAsync()
    {
        await _consumers.DisposeAsync();
        await _publishing.DisposeAsync();
        await _sampling.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private static async Task PublishAsync(IChannel channel, BatchMessage message, CancellationToken cancellationToken) => await channel.BasicPublishAsync(
        "", Topology.QueueOf(message.Lane), mandatory: true, MessageFormat.PropertiesOf(message), MessageFormat.BodyOf(message), cancellationToken);

    private static async Task<QueueDepth> ReadDepthsAsync(IChannel channel, CancellationToken cancellationToken) => new(
        await ReadDepthAsync(channel, Topology.Batches, cancellationToken),
        await ReadDepthAsync(channel, Topology.Express, cancellationToken),
        (await ReadDepthAsync(channel, Topology.Dead, cancellationToken)).Ready);

    private static async Task<LaneDepth> ReadDepthAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        QueueDeclareOk state = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        return new LaneDepth(state.MessageCount, (int)state.ConsumerCount);
    }
}
