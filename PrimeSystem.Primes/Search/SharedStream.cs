using System.Numerics;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// One wanted prime whose candidates are tested by several threads: hands them out in ascending order and knows when the smallest prime among them is
/// certain, which is when everything below a prime that was found has been rejected.
/// </summary>
internal sealed class SharedStream(CandidateWindow window)
{
    private readonly SortedSet<long> _open = [];
    private long _next;
    private long _foundAt = long.MaxValue;
    private BigInteger _found;

    public CandidateWindow Window { get; } = window;

    /// <summary>Whether more candidates are worth testing.</summary>
    public bool IsOpen => _foundAt == long.MaxValue;

    /// <summary>Notes that the next candidate of the window is being tested; returns its place in the order.</summary>
    public long Issue()
    {
        _open.Add(_next);
        return _next++;
    }

    public void Reject(long place) => _open.Remove(place);

    public void Confirm(long place, BigInteger prime)
    {
        _open.Remove(place);
        if (place < _foundAt)
            (_foundAt, _found) = (place, prime);
    }

    /// <summary>The stream's first prime, once nothing below it is open.</summary>
    public bool TryFinish(out BigInteger prime)
    {
        prime = _found;
        return _foundAt < long.MaxValue && (_open.Count == 0 || _open.Min > _foundAt);
    }
}
