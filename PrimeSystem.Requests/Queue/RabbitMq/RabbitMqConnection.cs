using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>A connection to the broker that is opened when it is needed and opened anew when it was closed.</summary>
internal sealed class RabbitMqConnection(IConnectionFactory factory, string name) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private IConnection? _connection;

    /// <summary>Opens a channel, with the queues declared.</summary>
    /// <exception cref="QueueUnavailableException">The broker cannot be reached.</exception>
    public async Task<IChannel> OpenChannelAsync(CreateChannelOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            IConnection connection = await OpenAsync(cancellationToken);
            IChannel channel = await connection.CreateChannelAsync(options, cancellationToken);
            try
            {
                await Topology.DeclareAsync(channel, cancellationToken);
                return channel;
            }
            catch
            {
                await channel.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QueueUnavailableException("The message broker cannot be reached.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task<IConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true })
                return _connection;
            if (_connection is not null)
                await _connection.DisposeAsync();
            _connection = null;
            return _connection = await factory.CreateConnectionAsync(name, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }
}
