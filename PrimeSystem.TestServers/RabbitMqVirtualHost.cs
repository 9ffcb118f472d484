using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace PrimeSystem.TestServers;

/// <summary>A virtual host, whose queues can be read, filled, emptied and deleted.</summary>
public sealed class RabbitMqVirtualHost(RabbitMqServer server, string name, string connectionString)
{
    public string ConnectionString => connectionString;

    /// <summary>Messages in a queue that wait, and that a consumer holds, as the broker noted them within the last second.</summary>
    public async Task<(long Ready, long Held)> CountAsync(string queue)
    {
        while (true)
        {
            JsonElement state = await server.Management.GetFromJsonAsync<JsonElement>($"/api/queues/{name}/{queue}");
            // A queue that was just declared, or whose broker just started, has not been counted yet; that is not zero.
            if (state.TryGetProperty("messages_ready", out JsonElement ready) && state.TryGetProperty("messages_unacknowledged", out JsonElement held))
                return (ready.GetInt64(), held.GetInt64());
            await Task.Delay(100);
        }
    }

    /// <summary>Messages in a queue as the broker itself counts them, waiting ones only.</summary>
    public Task<uint> ReadyAsync(string queue) => WithChannelAsync(channel => channel.MessageCountAsync(queue));

    public Task PurgeAsync(string queue) => WithChannelAsync(channel => channel.QueuePurgeAsync(queue));

    public Task DeleteAsync(string queue) => WithChannelAsync(channel =>
        channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false));

    public Task PublishAsync(string queue, string body) => WithChannelAsync(async channel =>
    {
        var properties = new BasicProperties { Persistent = true };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
        return true;
    });

    /// <summary>The messages that wait in a queue, which they stay in.</summary>
    public Task<IReadOnlyList<BasicGetResult>> PeekAsync(string queue) => WithChannelAsync(async channel =>
    {
        var messages = new List<BasicGetResult>();
        // Unacknowledged, they return to the queue when the channel closes.
        while (await channel.BasicGetAsync(queue, autoAck: false) is { } message)
            messages.Add(message);
        return (IReadOnlyList<BasicGetResult>)messages;
    });

    private async Task<T> WithChannelAsync<T>(Func<IChannel, Task<T>> action)
    {
        var factory = new ConnectionFactory { Uri = new Uri(connectionString) };
        await using IConnection connection = await factory.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        return await action(channel);
    }
}
