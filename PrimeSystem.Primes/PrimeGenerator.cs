using System.Numerics;
using PrimeSystem.Primes.Search;

namespace PrimeSystem.Primes;

/// <summary>
/// Finds random primes of an exact number of decimal digits. Each prime is the first one at or above a uniformly random start of its own.
/// </summary>
/// <remarks>Instances hold no state between calls and may be shared between threads.</remarks>
public sealed class PrimeGenerator
{
    /// <summary>The smallest number of digits a prime can be asked for.</summary>
    public const int MinDigits = 1;

    private readonly int _rounds;

    /// <summary>Creates a generator.</summary>
    /// <param name="rounds">Miller–Rabin rounds with random bases that a candidate must pass, at least 1; 40 by default (error below 4⁻⁴⁰).
    /// Below 2⁶⁴ the test is exact whatever the number of rounds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rounds"/> is less than 1.</exception>
    public PrimeGenerator(int rounds = Primality.DefaultRounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        _rounds = rounds;
    }

    /// <summary>Generates primes on the calling thread, one after another, as the sequence is enumerated.</summary>
    /// <param name="digits">Decimal digits of each prime, 1 or more.</param>
    /// <param name="count">How many primes, 0 or more. They are independent of each other, so a small size can repeat one.</param>
    /// <param name="stop">Asked between groups of candidates, never while a candidate is being confirmed; the sequence ends early once it
    /// answers <see langword="true"/>. What had been searched is no loss: the search for a random prime has no memory.</param>
    /// <param name="cancellationToken">Cancels the search, even inside a candidate.</param>
    /// <returns>At most <paramref name="count"/> primes of exactly <paramref name="digits"/> digits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> or <paramref name="count"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IEnumerable<BigInteger> Generate(
        int digits, int count, Func<bool>? stop = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, MinDigits);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Search(SearchRange.OfDigits(digits), count, stop, cancellationToken);
    }

    private IEnumerable<BigInteger> Search(SearchRange range, int count, Func<bool>? stop, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IPrimeSearch search = CreateSearch(range, count);
        while (search.IsActive)
        {
            if (stop is not null && stop())
                yield break;
            search.Advance(cancellationToken);
            while (search.TryTake(out BigInteger prime))
                yield return prime;
        }
    }

    private IPrimeSearch CreateSearch(SearchRange range, int count) =>
        range.Bits <= TinyPrimeSearch.MaxBits ? new TinyPrimeSearch(range.Low[0], range.High[0], count)
        : SmallPrimeSearch.Covers(range) ? new SmallPrimeSearch(range.Low[0], range.High[0], count)
        : ProvenPrimeSearch.Covers(range) ? new ProvenPrimeSearch(range, count)
        : new PrimeSearch(range, _rounds, count);
}
