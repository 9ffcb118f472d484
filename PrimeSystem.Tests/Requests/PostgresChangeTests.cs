using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Requests;

/// <summary>Notifications between processes.</summary>
public sealed class PostgresChangeTests(SharedServers servers) : IAsyncLifetime
{
    private NpgsqlDataSource _dataSource = null!;
    private PostgresChanges _here = null!;
    private PostgresChanges _there = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _dataSource = NpgsqlDataSource.Create(await (await servers.PostgresAsync()).CreateDatabaseAsync());
        _here = new PostgresChanges(_dataSource, TimeProvider.System, NullLogger<PostgresChanges>.Instance);
        _there = new PostgresChanges(_dataSource, TimeProvider.System, NullLogger<PostgresChanges>.Instance);
        await _here.StartAsync(Cancellation);
        await _there.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresChanges changes in new[] { _here, _there })
        {
            await changes.StopAsync(CancellationToken.None);
            changes.Dispose();
        }
        await _dataSource.DisposeAsync();
    }

    [Fact]
    public async Task A_change_in_one_process_is_notified_in_another()
    {
        Guid id = Guid.NewGuid();
        using ChangeSubscription subscription = _there.Subscribe(id);
        // All subscribers are notified when listening begins.
        await subscription.WaitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        _here.Notify(Guid.NewGuid());
        Assert.False(subscription.WaitAsync(Cancellation).IsCompleted);
        _here.Notify(id);

        using ChangeSubscription second = _there.Subscribe(id);
        _here.Notify(id);
        await second.WaitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Many_changes_travel_in_few_notifications_and_none_is_left_out()
    {
        Guid[] ids = [.. Enumerable.Range(0, 1_000).Select(_ => Guid.NewGuid())];
        var heard = new HashSet<Guid>();
        int notifications = 0;
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync(Cancellation);
        connection.Notification += (_, args) =>
        {
            notifications++;
            heard.UnionWith(args.Payload.Split(',').Select(Guid.Parse));
        };
        await using (var listen = new NpgsqlCommand("LISTEN primes_requests", connection))
            await listen.ExecuteNonQueryAsync(Cancellation);

        for (int round = 0; round < 50; round++)
        {
            foreach (Guid id in ids)
                _here.Notify(id);
        }
        while (heard.Count < ids.Length)
            await connection.WaitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.True(heard.SetEquals(ids));
        Assert.InRange(notifications, 5, 100);
    }
}
