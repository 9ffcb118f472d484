using System.Numerics;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The candidates for one requested prime, tested by several threads in ascending order. The smallest prime is certain once every candidate below a
/// prime that was found has been rejected.
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

    /// <summary>Records that the next candidate of the window is being tested. Returns its place in the order.</summary>
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

    /// <summary>Gets the stream's first prime once no candidate below it is open.</summary>
    public bool TryFinish(out BigInteger prime)
    {
        prime = _found;
        return _foundAt < long.MaxValue && (_open.Count == 0 || _open.Min > _foundAt);
    }
}
