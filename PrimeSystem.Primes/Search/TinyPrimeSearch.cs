using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The search for primes of a few bits, where the sieve's primes are themselves candidates: the first prime from a random start, by trial division.
/// </summary>
internal sealed class TinyPrimeSearch(ulong low, ulong high, int count) : IPrimeSearch
{
    /// <summary>The largest size. Numbers of so many bits are divided by at most 127 odd numbers.</summary>
    public const int MaxBits = 16;

    private readonly RandomSource _random = new(64);
    private readonly Queue<BigInteger> _found = new();
    private int _left = count;

    public bool IsActive => _left > 0;

    public long Tested { get; private set; }

    public bool TryTake(out BigInteger prime) => _found.TryDequeue(out prime);

    public void Advance(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ulong span = high - low, mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(span), offset;
        do
            offset = _random.NextWord() & mask;
        while (offset >= span);
        for (ulong n = low + offset; n < high; n++)
        {
            Tested++;
            if (!TrialDivision.IsPrime(n))
                continue;
            _found.Enqueue(n);
            _left--;
            return;
        }
    }

    public void Dispose()
    {
        _random.Dispose();
        _found.Clear();
    }
}
