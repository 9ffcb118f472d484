using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Search;

namespace PrimeSystem.Primes;

/// <summary>
/// Finds random primes of an exact number of decimal digits or bits. Each prime is the first one at or above a uniformly random start of its own. Starts
/// and the bases of the tests come from the system's cryptographic generator.
/// </summary>
/// <remarks>
/// Primes of up to 24 digits are proven. Above that, a composite passes with probability below 4⁻ʳ for r rounds. Instances are thread-safe: their only
/// state is <see cref="CandidatesTested"/>. An enumeration that ends early releases and wipes its memory.
/// </remarks>
public sealed class PrimeGenerator
{
    /// <summary>The smallest number of digits that can be requested.</summary>
    public const int MinDigits = 1;

    /// <summary>The smallest number of bits that can be requested.</summary>
    public const int MinBits = 2;

    private readonly int _rounds;
    private long _tested;

    /// <summary>Creates a generator.</summary>
    /// <param name="rounds">Miller–Rabin rounds with random bases that a candidate must pass, at least 1; 40 by default (error below 4⁻⁴⁰).
    /// Up to 24 digits (81 bits) the test is exact whatever the number of rounds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rounds"/> is less than 1.</exception>
    public PrimeGenerator(int rounds = Primality.DefaultRounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        _rounds = rounds;
    }

    /// <summary>The number of candidates tested by all searches of this instance that have ended. Numbers removed by the sieve do not count.</summary>
    public long CandidatesTested => Interlocked.Read(ref _tested);

    /// <summary>Generates primes on the calling thread while the sequence is enumerated.</summary>
    /// <param name="digits">Decimal digits of each prime, 1 or more.</param>
    /// <param name="count">How many primes, 0 or more. They are independent, so small sizes can repeat.</param>
    /// <param name="stop">Called between groups of candidates, never during a confirmation. The sequence ends early once it returns
    /// <see langword="true"/>. Nothing is lost by that: the search for a random prime is memoryless.</param>
    /// <param name="cancellationToken">Cancels the search, even inside a candidate.</param>
    /// <returns>At most <paramref name="count"/> primes of exactly <paramref name="digits"/> digits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> or <paramref name="count"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IEnumerable<BigInteger> Generate(
        int digits, int count, Func<bool>? stop = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, MinDigits);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Run(SearchRange.OfDigits(digits), count, stop, cancellationToken);
    }

    /// <summary>Generates primes of a number of bits on the calling thread while the sequence is enumerated.</summary>
    /// <param name="bits">Bits of each prime, 2 or more; the highest is set.</param>
    /// <param name="count">How many primes, 0 or more.</param>
    /// <param name="stop">As in <see cref="Generate"/>.</param>
    /// <param name="cancellationToken">Cancels the search, even inside a candidate.</param>
    /// <returns>At most <paramref name="count"/> primes of exactly <paramref name="bits"/> bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> or <paramref name="count"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IEnumerable<BigInteger> GenerateBits(
        int bits, int count, Func<bool>? stop = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Run(SearchRange.OfBits(bits), count, stop, cancellationToken);
    }

    /// <summary>
    /// Generates primes on several threads, in the order in which they are found. All threads search for a single large prime together.
    /// </summary>
    /// <param name="digits">Decimal digits of each prime, 1 or more.</param>
    /// <param name="count">How many primes, 0 or more.</param>
    /// <param name="degreeOfParallelism">Threads, 1 or more; −1 for one per processor.</param>
    /// <param name="progress">Receives a report after every prime, on the enumerating thread.</param>
    /// <param name="cancellationToken">Cancels the search, even inside a candidate.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IEnumerable<BigInteger> GenerateParallel(
        int digits, int count, int degreeOfParallelism = -1, IProgress<PrimeProgress>? progress = null, CancellationToken cancellationToken = default) =>
        GenerateAsync(digits, count, degreeOfParallelism, progress, cancellationToken).ToBlockingEnumerable(cancellationToken);

    /// <summary>As <see cref="GenerateParallel"/>, without blocking the caller while it waits for the next prime.</summary>
    /// <inheritdoc cref="GenerateParallel"/>
    public IAsyncEnumerable<BigInteger> GenerateAsync(
        int digits, int count, int degreeOfParallelism = -1, IProgress<PrimeProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, MinDigits);
        return RunAsync(SearchRange.OfDigits(digits), count, degreeOfParallelism, progress, cancellationToken);
    }

    /// <summary>As <see cref="GenerateAsync"/>, for primes of a number of bits.</summary>
    /// <param name="bits">Bits of each prime, 2 or more; the highest is set.</param>
    /// <param name="count">How many primes, 0 or more.</param>
    /// <param name="degreeOfParallelism">Threads, 1 or more; −1 for one per processor.</param>
    /// <param name="progress">Receives a report after every prime, on the enumerating thread.</param>
    /// <param name="cancellationToken">Cancels the search, even inside a candidate.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IAsyncEnumerable<BigInteger> GenerateBitsAsync(
        int bits, int count, int degreeOfParallelism = -1, IProgress<PrimeProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        return RunAsync(SearchRange.OfBits(bits), count, degreeOfParallelism, progress, cancellationToken);
    }

    private IEnumerable<BigInteger> Run(SearchRange range, int count, Func<bool>? stop, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IPrimeSearch search = CreateSearch(range, count);
        try
        {
            while (search.IsActive)
            {
                if (stop is not null && stop())
                    yield break;
                search.Advance(cancellationToken);
                while (search.TryTake(out BigInteger prime))
                    yield return prime;
            }
        }
        finally
        {
            Interlocked.Add(ref _tested, search.Tested);
        }
    }

    private IAsyncEnumerable<BigInteger> RunAsync(
        SearchRange range, int count, int degreeOfParallelism, IProgress<PrimeProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (degreeOfParallelism != -1)
            ArgumentOutOfRangeException.ThrowIfLessThan(degreeOfParallelism, 1);
        int threads = degreeOfParallelism == -1 ? Environment.ProcessorCount : degreeOfParallelism;
        return EnumerateAsync(range, count, threads, progress, cancellationToken);
    }

    private async IAsyncEnumerable<BigInteger> EnumerateAsync(
        SearchRange range, int count, int threads, IProgress<PrimeProgress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = new ParallelSearch(range, count, _rounds, threads, share => CreateSearch(range, share), cancellationToken);
        try
        {
            int found = 0;
            await foreach (BigInteger prime in search.Primes.ReadAllAsync(cancellationToken))
            {
                progress?.Report(new PrimeProgress(++found, count));
                yield return prime;
            }
        }
        finally
        {
            await search.DisposeAsync();
            Interlocked.Add(ref _tested, search.Tested);
        }
    }

    private IPrimeSearch CreateSearch(SearchRange range, int count) =>
        range.Bits <= TinyPrimeSearch.MaxBits ? new TinyPrimeSearch(range.Low[0], range.High[0], count)
        : SmallPrimeSearch.Covers(range) ? new SmallPrimeSearch(range.Low[0], range.High[0], count)
        : ProvenPrimeSearch.Covers(range) ? new ProvenPrimeSearch(range, count)
        : new PrimeSearch(range, _rounds, count);
}
