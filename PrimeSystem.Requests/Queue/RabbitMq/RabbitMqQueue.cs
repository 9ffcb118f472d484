using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>The queue on RabbitMQ 3.10 and later: one connection publishes, another consumes, with a channel for each consumer.</summary>
internal sealed class RabbitMqQueue(IConnectionFactory factory, IOptions<QueueOptions> options, TimeProvider time, ILogger<RabbitMqQueue> log)
    : IBatchQueue, IAsyncDisposable
{
    private readonly RabbitMqPublisher _publisher = new(factory, options.Value);
    private readonly RabbitMqConnection _consumers = new(factory, "primes consumers");

    public Task PublishAsync(Lane lane, IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken) =>
        _publisher.PublishAsync(Topology.QueueOf(lane), messages.Select(message => new Delivery(message)), cancellationToken);

    public async Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken) => new(
        await _publisher.ReadDepthAsync(Topology.Batches, cancellationToken),
        await _publisher.ReadDepthAsync(Topology.Express, cancellationToken),
        (await _publisher.ReadDepthAsync(Topology.Dead, cancellationToken)).Ready);

    public Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned) =>
        new RabbitMqConsumer(_consumers, _publisher, Topology.QueueOf(lane), handler, options.Value, time, log).RunAsync(stopping, abandoned);

    public async ValueTask DisposeAsync()
    {
        await _consumers.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    internal static Delivery? Read(ReadOnlySpan<byte> body, bool redelivered, IDictionary<string, object?>? headers)
    {
        if (!BatchMessage.TryParse(body, out BatchMessage message))
            return null;
        return new Delivery(
            message with { TraceParent = Text(headers, Topology.TraceParentHeader) },
            MayHaveRun: redelivered || Header(headers, Topology.MayHaveRunHeader) is true,
            Faults: (int)Number(headers, Topology.FaultsHeader),
            Deliveries: Number(headers, Topology.DeliveriesHeader) + Topology.DeliveryCountHeaders.Max(header => Number(headers, header)));
    }

    private static object? Header(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out object? value) ? value : null;

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        Header(headers, name) is byte[] text ? Encoding.ASCII.GetString(text) : null;

    private static long Number(IDictionary<string, object?>? headers, string name) =>
        Header(headers, name) is int or long or short or byte ? Convert.ToInt64(Header(headers, name), CultureInfo.InvariantCulture) : 0;
}
