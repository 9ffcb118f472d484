namespace PrimeSystem.Cli.Output;

/// <summary>Writes primes to the output as they are found. It flushes after each prime when they come slowly, and after many when they come fast.</summary>
internal sealed class Delivery(PrimeWriter writer, ProgressReport progress, Action<Action> flush)
{
    /// <summary>The number of primes delivered so far.</summary>
    public long Count { get; private set; }

    /// <summary>Delivers until the source ends.</summary>
    public async Task RunAsync(IAsyncEnumerable<string> primes, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<string> source = primes.GetAsyncEnumerator(stop.Token);
        while (await NextAsync(source.MoveNextAsync(), stop))
        {
            writer.Write(source.Current);
            Count++;
            progress.Advance();
        }
    }

    /// <summary>Flushes while the next prime is searched for. If that fails, the search is stopped first: a running source cannot be disposed of.</summary>
    private async ValueTask<bool> NextAsync(ValueTask<bool> step, CancellationTokenSource stop)
    {
        if (step.IsCompleted)
            return await step;
        Task<bool> next = step.AsTask();
        try
        {
            flush(writer.Flush);
        }
        catch (IOException)
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        return await next;
    }
}
