namespace PrimeSystem.Cli.Output;

/// <summary>Carries primes from where they are found to the output: each at once when they come slowly, many together when they come fast.</summary>
internal sealed class Delivery(PrimeWriter writer, ProgressReport progress, Action<Action> flush)
{
    /// <summary>Primes delivered so far.</summary>
    public long Count { get; private set; }

    /// <summary>Delivers until the source ends.</summary>
    public async Task RunAsync(IAsyncEnumerable<string> primes, CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<string> source = primes.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            ValueTask<bool> next = source.MoveNextAsync();
            if (!next.IsCompleted)
                flush(writer.Flush);
            if (!await next)
                return;
            writer.Write(source.Current);
            Count++;
            progress.Advance();
        }
    }
}
