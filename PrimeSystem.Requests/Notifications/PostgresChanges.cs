using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PrimeSystem.Requests.Notifications;

/// <summary>
/// Notifications between processes by NOTIFY and LISTEN. NOTIFY serialises commits and carries at most 8,000 bytes, so each process sends at most one
/// every 50 ms, with all ids since the last one; the first is sent at once. A process listens on one connection, from its first subscription on.
/// </summary>
internal sealed partial class PostgresChanges(NpgsqlDataSource dataSource, TimeProvider time, ILogger<PostgresChanges> log)
    : BackgroundService, IRequestChanges
{
    private const string Topic = "primes_requests";
    private const int IdsPerPayload = 200;
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(50);

    private readonly ChangeHub _hub = new();
    private readonly ConcurrentDictionary<Guid, byte> _changed = new();
    private readonly SemaphoreSlim _hasChanged = new(0, 1);
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Notify(Guid requestId)
    {
        _changed[requestId] = 0;
        lock (_hasChanged)
        {
            if (_hasChanged.CurrentCount == 0)
                _hasChanged.Release();
        }
    }

    public ChangeSubscription Subscribe(Guid requestId)
    {
        _wanted.TrySetResult();
        return _hub.Subscribe(requestId);
    }

    public override void Dispose()
    {
        base.Dispose();
        _hasChanged.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(SendAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _hasChanged.WaitAsync(stoppingToken);
            Guid[] ids = [.. _changed.Keys];
            foreach (Guid id in ids)
                _changed.TryRemove(id, out _);
            try
            {
                foreach (Guid[] chunk in ids.Chunk(IdsPerPayload))
                {
                    await using NpgsqlCommand notify = dataSource.CreateCommand("SELECT pg_notify($1, $2)");
                    notify.Parameters.Add(new() { Value = Topic });
                    notify.Parameters.Add(new() { Value = string.Join(',', chunk) });
                    await notify.ExecuteNonQueryAsync(stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The notification is lost; watchers also look by themselves.
                LogNotSent(e.Message);
            }
            await Task.Delay(SendEvery, time, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await _wanted.Task.WaitAsync(stoppingToken);
        while (true)
            await BackOff.RetryAsync(ListenOnceAsync, time, stoppingToken, e => LogNotListening(e.Message));
    }

    /// <summary>Listens until the connection is lost.</summary>
    private async Task ListenOnceAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, args) =>
        {
            foreach (string id in args.Payload.Split(','))
            {
                if (Guid.TryParse(id, out Guid requestId))
                    _hub.Notify(requestId);
            }
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Topic}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }
        _hub.NotifyAll();
        try
        {
            while (true)
                await connection.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotListening(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification of changed requests not sent: {Reason}")]
    private partial void LogNotSent(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not listening for changed requests, retrying: {Reason}")]
    private partial void LogNotListening(string reason);
}
