using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>
/// One consumer: a channel of its own, one unacknowledged delivery at a time. It never sends a nack, which the broker would count as a failed
/// delivery: what it cannot finish it publishes again and then acknowledges. When its channel or subscription ends it starts over.
/// </summary>
internal sealed partial class RabbitMqConsumer(
    RabbitMqConnection connection, RabbitMqPublisher publisher, string queue, IBatchHandler handler, QueueOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Consumes until <paramref name="stopping"/>; see <see cref="IBatchQueue.ConsumeAsync"/>.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        var backOff = new BackOff(time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await handler.WaitUntilReadyAsync(stopping);
                if (await SubscribeAsync(stopping, abandoned))
                    backOff = new BackOff(time);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (QueueUnavailableException e)
            {
                LogUnavailable(queue, (e.InnerException ?? e).Message);
            }
            catch (Exception e)
            {
                LogFailed(e, queue);
            }
            await backOff.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Works off deliveries until the subscription ends, the handler wants a pause, or the process stops.</summary>
    /// <returns>Whether anything was delivered.</returns>
    private async Task<bool> SubscribeAsync(CancellationToken stopping, CancellationToken abandoned)
    {
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
            // The body is the client's buffer, which it takes back after this call.
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
            tag = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            throw new QueueUnavailableException($"Cannot consume from {queue}.", e);
        }
        Func<Task> unsubscribe = () => UnsubscribeAsync(channel, tag, deliveries);
        using (stopping.Register(() => _ = unsubscribe()))
        {
            await foreach (BasicDeliverEventArgs args in deliveries.Reader.ReadAllAsync(CancellationToken.None))
            {
                any = true;
                await WorkOffAsync(channel, args, unsubscribe, stopping, lost.Token);
            }
        }
        return any;
    }

    /// <summary>Handles and settles one delivery.</summary>
    private async Task WorkOffAsync(
        IChannel channel, BasicDeliverEventArgs args, Func<Task> unsubscribe, CancellationToken stopping, CancellationToken lost)
    {
        try
        {
            Delivery? delivery = RabbitMqQueue.Read(args.Body.Span, args.Redelivered, args.BasicProperties.Headers);
            if (delivery is null)
                LogMalformed(queue, args.Body.Length);
            Settlement settlement = delivery is null ? new Settlement.Reject() : await handler.HandleAsync(delivery, stopping, lost);
            switch (settlement)
            {
                case Settlement.Acknowledge:
                    await channel.BasicAckAsync(args.DeliveryTag, multiple: false, lost);
                    break;
                case Settlement.Reject:
                    await channel.BasicRejectAsync(args.DeliveryTag, requeue: false, lost);
                    break;
                case Settlement.HandBack handBack:
                    if (handBack.Pause)
                        await unsubscribe();
                    await HandBackAsync(channel, args.DeliveryTag, handBack.Again, stopping, lost);
                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or QueueUnavailableException or RabbitMQClientException)
        {
            // The channel is gone; the broker delivers the message again, flagged as redelivered.
            LogLost(queue, e.Message);
        }
    }

    private async Task HandBackAsync(IChannel channel, ulong deliveryTag, Delivery again, CancellationToken stopping, CancellationToken lost)
    {
        if (!await BackOff.UntilTakenAsync(token => publisher.PublishAsync(queue, [again], token), options.HoldFor, time, stopping, lost))
            await handler.LetGoAsync(again.Message);
        await channel.BasicAckAsync(deliveryTag, multiple: false, lost);
    }

    /// <summary>Asks the broker for no more; what it has delivered already is worked off.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} cannot be consumed, trying again: {Reason}")]
    private partial void LogUnavailable(string queue, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Consuming from {Queue} failed, trying again")]
    private partial void LogFailed(Exception exception, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A malformed message of {Bytes} bytes in {Queue} goes to the dead letters")]
    private partial void LogMalformed(string queue, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A delivery from {Queue} was lost before it was settled; it will come again: {Reason}")]
    private partial void LogLost(string queue, string reason);
}
