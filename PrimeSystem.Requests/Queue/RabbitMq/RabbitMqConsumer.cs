using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// One consumer: a channel of its own with one unacknowledged delivery at a time. When its channel or its subscription ends it starts over.
/// </summary>
internal sealed partial class RabbitMqConsumer(RabbitMqConnection connection, Lane lane, IBatchHandler handler, TimeProvider time, ILogger log)
{
    /// <summary>Keeps a batch that cannot be processed, although the database answers, from going round and round.</summary>
    private static readonly TimeSpan BetweenSubscriptions = TimeSpan.FromMilliseconds(100);

    private readonly string _queue = Topology.QueueOf(lane);

    /// <summary>Consumes until <paramref name="stopping"/>; see <see cref="IBatchQueue.ConsumeAsync"/>.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // A subscription that delivered something resets the back-off.
                await BackOff.RetryAsync(_ => SubscribeAsync(stopping, abandoned), time, stopping, LogRetry);
                await Task.Delay(BetweenSubscriptions, time, stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void LogRetry(Exception exception)
    {
        if (exception is QueueUnavailableException)
            LogUnavailable(_queue, (exception.InnerException ?? exception).Message);
        else
            LogFailed(exception, _queue);
    }

    /// <summary>Handles deliveries until the subscription ends, the handler wants a pause, or the process stops.</summary>
    /// <exception cref="QueueUnavailableException">Nothing was delivered.</exception>
    private async Task SubscribeAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        await handler.WaitUntilReadyAsync(stopping);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        await using IChannel channel = await connection.OpenChannelAsync(options: null, stopping);
        var deliveries = Channel.CreateUnbounded<BasicDeliverEventArgs>();
        channel.ChannelShutdownAsync += async (_, _) =>
        {
            deliveries.Writer.TryComplete();
            await lost.CancelAsync();
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, args) =>
        {
            // The body lies in a buffer that the client takes back after this call.
            deliveries.Writer.TryWrite(new BasicDeliverEventArgs(
                args.ConsumerTag, args.DeliveryTag, args.Redelivered, args.Exchange, args.RoutingKey, args.BasicProperties, args.Body.ToArray()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            deliveries.Writer.TryComplete();
            return Task.CompletedTask;
        };

        bool any = false;
        string tag;
        try
        {
            await channel.BasicQosAsync(0, 1, global: false, stopping);
            tag = await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            throw new QueueUnavailableException($"Cannot consume from {_queue}.", e);
        }
        Func<Task> unsubscribe = () => UnsubscribeAsync(channel, tag, deliveries);
        using (stopping.Register(() => _ = unsubscribe()))
        {
            await foreach (BasicDeliverEventArgs args in deliveries.Reader.ReadAllAsync(CancellationToken.None))
            {
                any = true;
                await HandleAsync(channel, args, unsubscribe, stopping, lost.Token);
            }
        }
        if (!any)
            throw new QueueUnavailableException("The subscription ended.");
    }

    /// <summary>Handles and settles one delivery.</summary>
    private async Task HandleAsync(
        IChannel channel, BasicDeliverEventArgs args, Func<Task> unsubscribe, CancellationToken stopping, CancellationToken lost)
    {
        try
        {
            BatchMessage? message = MessageFormat.Read(lane, args.Body.Span, args.Redelivered, args.BasicProperties.Headers);
            if (message is null)
                LogMalformed(_queue, args.Body.Length);
            Settlement settlement = message is null ? Settlement.Reject : await handler.HandleAsync(message, stopping, lost);
            if (settlement == Settlement.AcknowledgeAndPause)
                await unsubscribe();
            if (settlement == Settlement.Reject)
                await channel.BasicRejectAsync(args.DeliveryTag, requeue: false, lost);
            else
                await channel.BasicAckAsync(args.DeliveryTag, multiple: false, lost);
        }
        catch (Exception e) when (e is OperationCanceledException or QueueUnavailableException or RabbitMQClientException)
        {
            // The channel is gone; the broker delivers the message again, flagged as redelivered.
            LogLost(_queue, e.Message);
        }
    }

    /// <summary>Asks the broker for no more messages. Those that it has delivered already are handled.</summary>
    private static async Task UnsubscribeAsync(IChannel channel, string tag, Channel<BasicDeliverEventArgs> deliveries)
    {
        try
        {
            // The confirmation arrives behind the last delivery, and ends the reading.
            await channel.BasicCancelAsync(tag);
        }
        catch (Exception)
        {
            // The channel is gone, which ends the subscription too.
            deliveries.Writer.TryComplete();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot consume from {Queue}, retrying: {Reason}")]
    private partial void LogUnavailable(string queue, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Consuming from {Queue} failed unexpectedly, retrying")]
    private partial void LogFailed(Exception exception, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Malformed message of {Bytes} bytes in {Queue} moved to the dead letters")]
    private partial void LogMalformed(string queue, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery from {Queue} lost before it was settled; the broker delivers it again: {Reason}")]
    private partial void LogLost(string queue, string reason);
}
