using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Local;

/// <summary>Finds distinct random primes on the cores of this machine.</summary>
internal sealed class LocalSearch
{
    private readonly PrimeSize _size;
    private readonly long _quantity;
    private readonly int _cores;
    private readonly PrimeGenerator _generator;

    /// <summary>Prepares a search.</summary>
    /// <exception cref="CommandFailure">There are fewer primes of the size, or more would have to be remembered than fit into memory.</exception>
    public LocalSearch(PrimeSize size, long quantity, int cores, int rounds)
    {
        if (PrimeCounts.Of(size) is { } existing && quantity > existing)
            throw CommandFailure.Usage($"QUANTITY must be at most {existing} at {size}: there are no more primes of this size.");
        if (quantity > DistinctPrimes.MaxRemembered && DistinctPrimes.MustRemember(size, quantity))
        {
            throw CommandFailure.Usage(
                $"QUANTITY must be at most {DistinctPrimes.MaxRemembered} at {size}: these primes can repeat, so each one is kept in memory.");
        }
        (_size, _quantity, _cores) = (size, quantity, cores);
        _generator = new PrimeGenerator(rounds);
    }

    /// <summary>Finds the primes, as decimal strings.</summary>
    public async IAsyncEnumerable<string> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var distinct = new DistinctPrimes(_size, _quantity);
        // Most small primes may be repetitions, so that search has no end; a search for large primes is faster when it knows how many are missing.
        bool isEndless = PrimeCounts.Of(_size) is not null;
        for (long missing = _quantity; missing > 0;)
        {
            int count = isEndless ? int.MaxValue : (int)Math.Min(missing, int.MaxValue);
            await foreach (BigInteger prime in _size.GenerateAsync(_generator, count, _cores, cancellationToken))
            {
                if (!distinct.Add(prime))
                    continue;
                yield return prime.ToString(CultureInfo.InvariantCulture);
                if (--missing == 0)
                    yield break;
            }
        }
    }
}
