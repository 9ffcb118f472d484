using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// The names and arguments of the queues. Every channel declares them before it uses them, so a queue that was lost comes back.
/// <list type="table">
/// <item><term><c>primes.batches</c>, <c>primes.express</c></term><description>Quorum queues, so that a confirmed message survives the loss of a node.
/// The delivery limit of 20 is the last resort against messages that kill consumers: at the tenth delivery a worker fails the request and
/// rejects the message. Dead letters are moved at least once, which requires that a full queue rejects publishing. There is no time to live.</description></item>
/// <item><term><c>primes.dead</c></term><description>Messages that can never succeed: malformed ones, and batches that killed their workers.</description></item>
/// </list>
/// </summary>
public static class Topology
{
    public const string Batches = "primes.batches";
    public const string Express = "primes.express";
    public const string Dead = "primes.dead";

    /// <summary>No queue has this name: the broker drops what is sent to it.</summary>
    internal const string Nowhere = "primes.nowhere";

    /// <summary>The queue of a lane.</summary>
    public static string QueueOf(Lane lane) => lane == Lane.Express ? Express : Batches;

    /// <summary>Declares all queues. A queue that exists is left as it is.</summary>
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
