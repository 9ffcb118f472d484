using PrimeSystem.Primes;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Runs searches on threads of their own: a search computes for seconds without a pause, which would starve the thread pool. The shortest run at once.
/// </summary>
internal sealed class BatchSearch(PrimeGenerator generator)
{
    /// <summary>The core seconds below which a search costs less than a thread.</summary>
    private const double WorthAThread = 0.0005;

    /// <summary>Finds primes.</summary>
    /// <param name="digits">Decimal digits of each.</param>
    /// <param name="count">How many.</param>
    /// <param name="stop">Called between groups of candidates; the search ends early once it returns true.</param>
    /// <param name="cancellationToken">Cancels the search, with its primes.</param>
    /// <returns>The primes; fewer than <paramref name="count"/> when it was stopped.</returns>
    public async Task<IReadOnlyList<FoundPrime>> RunAsync(int digits, int count, Func<bool>? stop, CancellationToken cancellationToken) =>
        count * PrimeCost.ReferenceSeconds(digits) < WorthAThread
            ? Find(digits, count, stop, cancellationToken)
            : await Task.Factory.StartNew(
                () => Find(digits, count, stop, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private List<FoundPrime> Find(int digits, int count, Func<bool>? stop, CancellationToken cancellationToken)
    {
        var primes = new List<FoundPrime>(count);
        primes.AddRange(generator.Generate(digits, count, stop, cancellationToken).Select(FoundPrime.From));
        return primes;
    }
}
