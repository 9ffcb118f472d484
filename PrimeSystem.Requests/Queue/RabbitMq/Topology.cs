using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// The queues, their names and arguments: the one place that knows them. Every channel declares them before it uses them, so they are back
/// after a loss.
/// <list type="table">
/// <item><term><c>primes.batches</c>, <c>primes.express</c></term><description>Quorum queues, so that a confirmed message survives the loss of a node.
/// A delivery limit of 20 is the last resort against messages that kill consumers: at the tenth a worker fails the request and
/// rejects the message. Dead letters move at least once, for which the queue must reject publishing when full. No time to live.</description></item>
/// <item><term><c>primes.dead</c></term><description>What could never succeed: malformed messages, and batches that killed their workers.</description></item>
/// </list>
/// </summary>
public static class Topology
{
    public const string Batches = "primes.batches";
    public const string Express = "primes.express";
    public const string Dead = "primes.dead";

    /// <summary>Header of a message that was handed back in the middle of a commit; see <see cref="Delivery.MayHaveRun"/>.</summary>
    internal const string MayHaveRunHeader = "x-primes-may-have-run";

    /// <summary>Header with <see cref="Delivery.Faults"/>.</summary>
    internal const string FaultsHeader = "x-primes-faults";

    /// <summary>Header with the <see cref="Delivery.Deliveries"/> of a message that was handed back untried; the broker counts those of this message anew.</summary>
    internal const string DeliveriesHeader = "x-primes-deliveries";

    /// <summary>Header with <see cref="BatchMessage.TraceParent"/>, by its name in the W3C's trace context.</summary>
    internal const string TraceParentHeader = "traceparent";

    /// <summary>Headers that quorum queues set: deliveries before this one. Up to RabbitMQ 4.2 the first counts those that ended with a lost connection
    /// too; later ones count them in the second alone.</summary>
    internal static readonly IReadOnlyList<string> DeliveryCountHeaders = ["x-delivery-count", "x-acquired-count"];

    /// <summary>The queue of a lane.</summary>
    public static string QueueOf(Lane lane) => lane == Lane.Express ? Express : Batches;

    /// <summary>Declares all queues; nothing changes where they are there already.</summary>
    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var dead = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Dead, durable: true, exclusive: false, autoDelete: false, dead, cancellationToken: cancellationToken);
        var work = new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 20,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = Dead,
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
        foreach (string queue in new[] { Batches, Express })
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, work, cancellationToken: cancellationToken);
    }
}
