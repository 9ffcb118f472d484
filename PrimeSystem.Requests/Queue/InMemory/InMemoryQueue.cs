using System.Threading.Channels;

namespace PrimeSystem.Requests.Queue.InMemory;

/// <summary>
/// The queue of the standalone system: two channels in memory. What is in them is lost with the process, which is why every unfinished request
/// counts as undispatched when it starts.
/// </summary>
internal sealed class InMemoryQueue : IBatchQueue
{
    private readonly Channel<Delivery>[] _lanes = [Channel.CreateUnbounded<Delivery>(), Channel.CreateUnbounded<Delivery>()];
    private readonly int[] _consumers = new int[2];

    public Task PublishAsync(Lane lane, IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken)
    {
        foreach (BatchMessage message in messages)
            _lanes[(int)lane].Writer.TryWrite(new Delivery(message));
        return Task.CompletedTask;
    }

    public Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new QueueDepth(Read(Lane.Batches), Read(Lane.Express), DeadLetters: 0));

    public async Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned)
    {
        Channel<Delivery> channel = _lanes[(int)lane];
        Interlocked.Increment(ref _consumers[(int)lane]);
        try
        {
            await handler.WaitUntilReadyAsync(stopping);
            await foreach (Delivery delivery in channel.Reader.ReadAllAsync(stopping))
            {
                // Reading does not look at the token while there is something to read, such as what was just handed back.
                stopping.ThrowIfCancellationRequested();
                if (await handler.HandleAsync(delivery, stopping, abandoned) is not Settlement.HandBack handBack)
                    continue;
                channel.Writer.TryWrite(handBack.Again);
                if (handBack.Pause)
                    await handler.WaitUntilReadyAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left in the channel is in the database.
        }
        finally
        {
            Interlocked.Decrement(ref _consumers[(int)lane]);
        }
    }

    private LaneDepth Read(Lane lane) => new(_lanes[(int)lane].Reader.Count, Volatile.Read(ref _consumers[(int)lane]));
}
