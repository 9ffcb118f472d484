using RabbitMQ.Client;

namespace PrimeSystem.Requests.Queue.RabbitMq;

/// <summary>A connection to the broker that is opened when it is needed, and again after it was closed.</summary>
internal sealed class RabbitMqConnection(IConnectionFactory factory, string name) : IAsyncDisposable
{
    /// <summary>How long to wait for a closing handshake.</summary>
    public static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile IConnection? _connection;

    /// <summary>Why the broker does not read from the connection; null while it does.</summary>
    private volatile string? _blocked;

    private TaskCompletionSource _becameBlocked = NewSignal();

    /// <summary>Opens a channel and declares the queues.</summary>
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

    /// <summary>Fails at once while the broker would not answer.</summary>
    /// <exception cref="QueueUnavailableException">The broker is short of memory or disk, and takes no messages.</exception>
    public void ThrowIfBlocked()
    {
        if (_blocked is { } reason && _connection is { IsOpen: true })
            throw new QueueUnavailableException($"The message broker takes no messages: {Explain(reason)}.");
    }

    /// <summary>Waits for an answer of the broker, which does not come while the connection is blocked.</summary>
    /// <exception cref="QueueUnavailableException">The broker has blocked the connection meanwhile.</exception>
    public async Task<T> UnlessBlockedAsync<T>(Task<T> answer)
    {
        Task blocked = _becameBlocked.Task;
        ThrowIfBlocked();
        if (await Task.WhenAny(answer, blocked) != answer)
            ThrowIfBlocked();
        return await answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        try
        {
            await connection.DisposeAsync().AsTask().WaitAsync(CloseWithin);
        }
        catch (TimeoutException)
        {
            // A broker that does not read from the connection does not say goodbye.
        }
    }

    /// <summary>The broker's words, such as "low on disk", in those of the other outages.</summary>
    private static string Explain(string reason) => reason switch
    {
        "low on disk" => "its disk is full",
        "low on memory" => "its memory is full",
        _ => reason,
    };

    private Task SetBlocked(IConnection connection, string? reason)
    {
        if (connection != _connection)
            return Task.CompletedTask;
        _blocked = reason;
        if (reason is not null)
            Interlocked.Exchange(ref _becameBlocked, NewSignal()).SetResult();
        return Task.CompletedTask;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
            _blocked = null;
            IConnection opened = await factory.CreateConnectionAsync(name, cancellationToken);
            opened.ConnectionBlockedAsync += (_, args) => SetBlocked(opened, args.Reason);
            opened.ConnectionUnblockedAsync += (_, _) => SetBlocked(opened, null);
            return _connection = opened;
        }
        finally
        {
            _opening.Release();
        }
    }
}
