using System.Threading.Channels;

namespace PrimeSystem.Requests.Queue.InMemory;

/// <summary>
/// The queue of the standalone system: two channels in memory. They are lost with the process, so every unfinished request counts as undispatched when
/// it starts.
/// </summary>
internal sealed class InMemoryQueue : IBatchQueue
{
    private readonly Channel<BatchMessage>[] _lanes = [Channel.CreateUnbounded<BatchMessage>(), Channel.CreateUnbounded<BatchMessage>()];
    private readonly int[] _consumers = new int[2];

    public bool IsDurable => false;

    public Task PublishAsync(IReadOnlyCollection<BatchMessage> messages, CancellationToken cancellationToken)
    {
        foreach (BatchMessage message in messages)
            _lanes[(int)message.Lane].Writer.TryWrite(message);
        return Task.CompletedTask;
    }

    public Task<QueueDepth> ReadDepthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new QueueDepth(DepthOf(Lane.Batches), DepthOf(Lane.Express), DeadLetters: 0));

    public async Task ConsumeAsync(Lane lane, IBatchHandler handler, CancellationToken stopping, CancellationToken abandoned)
    {
        Interlocked.Increment(ref _consumers[(int)lane]);
        try
        {
            await handler.WaitUntilReadyAsync(stopping);
            await foreach (BatchMessage message in _lanes[(int)lane].Reader.ReadAllAsync(stopping))
            {
                // The reader ignores the token while there is something to read, such as a message that was just handed back.
                stopping.ThrowIfCancellationRequested();
                if (await handler.HandleAsync(message, stopping, abandoned) == Settlement.AcknowledgeAndPause)
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

    private LaneDepth DepthOf(Lane lane) => new(_lanes[(int)lane].Reader.Count, Volatile.Read(ref _consumers[(int)lane]));
}
