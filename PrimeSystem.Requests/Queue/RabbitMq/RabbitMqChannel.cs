using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>A channel that is opened when it is needed, and again after a failure.</summary>
internal sealed class RabbitMqChannel(RabbitMqConnection connection, CreateChannelOptions? options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private IChannel? _channel;

    /// <summary>
    /// Uses the channel. After any failure (a nack, a message that was returned because the queue is gone, silence) the channel is closed, so that the next
    /// use starts on a new one with the queues declared. So does a cancellation: the client would take the late answer for that of its next question.
    /// </summary>
    /// <param name="use">The use.</param>
    /// <param name="failure">What to report if it fails.</param>
    /// <param name="cancellationToken">Cancels the opening of a channel, and says why <paramref name="use"/> was cancelled.</param>
    /// <exception cref="QueueUnavailableException">The broker cannot be reached, takes no messages, or the use failed.</exception>
    public async Task<T> UseAsync<T>(Func<IChannel, Task<T>> use, string failure, CancellationToken cancellationToken)
    {
        connection.ThrowIfBlocked();
        IChannel channel = await OpenAsync(cancellationToken);
        try
        {
            return await use(channel);
        }
        catch (QueueUnavailableException)
        {
            await CloseAsync(channel);
            throw;
        }
        catch (Exception e)
        {
            await CloseAsync(channel);
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueueUnavailableException(failure, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
            await CloseAsync(channel);
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _channel is { IsOpen: true } open ? open : _channel = await connection.OpenChannelAsync(options, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task CloseAsync(IChannel channel)
    {
        Interlocked.CompareExchange(ref _channel, null, channel);
        try
        {
            // On a broken connection nobody answers the closing handshake.
            await channel.DisposeAsync().AsTask().WaitAsync(RabbitMqConnection.CloseWithin);
        }
        catch (Exception)
        {
            // The channel is of no use any more.
        }
    }
}
