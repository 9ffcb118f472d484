namespace PrimeSystem.Cli.Output;

/// <summary>Carries primes from where they are found to the output: each at once when they come slowly, many together when they come fast.</summary>
internal sealed class Delivery(PrimeWriter writer, ProgressReport progress, Action<Action> flush)
{
    /// <summary>Primes delivered so far.</summary>
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

    /// <summary>Flushes while the next prime is sought. If that fails the search is stopped first: a source cannot be disposed of while it runs.</summary>
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
