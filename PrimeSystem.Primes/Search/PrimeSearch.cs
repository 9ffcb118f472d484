using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The scheduler of one thread: fills the lanes of the base-2 screen with candidates for the requested primes, and confirms those that pass.
/// </summary>
/// <remarks>
/// Each requested prime has a stream of its own, a <see cref="CandidateWindow"/> from a random start, and is the first prime in it. While there are more
/// primes to find than lanes, every lane serves one stream. When fewer are left, the next candidates of a stream fill several lanes. A stream is never
/// abandoned for a luckier one: that would favour primes after short gaps.
/// </remarks>
internal sealed class PrimeSearch : IPrimeSearch
{
    private readonly RandomSource _random = new();
    private readonly BaseTwoScreen _screen;
    private readonly MillerRabin _confirmation;
    private readonly List<CandidateWindow> _active;
    private readonly int[] _owner;
    private readonly Queue<BigInteger> _found = new();
    private readonly int _rounds;
    private int _toStart;

    public PrimeSearch(SearchRange range, int rounds, int count)
    {
        _rounds = rounds;
        _screen = new BaseTwoScreen(range.Bits);
        _confirmation = new MillerRabin(range.Bits, _random);
        _owner = new int[_screen.Lanes];
        var sieve = new Sieve(range.SieveBound, range.Low.Length);
        _active = new List<CandidateWindow>(_screen.Lanes);
        _toStart = count;
        while (_toStart > 0 && _active.Count < _screen.Lanes)
        {
            var window = new CandidateWindow(range, sieve);
            window.Restart(_random);
            _active.Add(window);
            _toStart--;
        }
    }

    /// <summary>Whether there are primes left to find.</summary>
    public bool IsActive => _active.Count > 0;

    public long Tested { get; private set; }

    /// <summary>Removes a prime that was found.</summary>
    public bool TryTake(out BigInteger prime) => _found.TryDequeue(out prime);

    /// <summary>Screens one group of candidates, one per lane, and confirms those that pass.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(CancellationToken cancellationToken)
    {
        ulong valid = FillLanes();
        Tested += BitOperations.PopCount(valid);
        ulong passed = _screen.Run(cancellationToken) & valid;
        for (; passed != 0; passed &= passed - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passed), owner = _owner[lane];
            if (!_confirmation.Test(_screen.Candidate(lane), _rounds, cancellationToken))
                continue;
            _found.Enqueue(NaturalNumber.ToBigInteger(_screen.Candidate(lane)));
            // The stream's later candidates are above its first prime.
            for (int later = lane + 1; later < _owner.Length && _owner[later] == owner; later++)
                passed &= ~(1UL << later);
            if (_toStart > 0)
            {
                _toStart--;
                _active[owner].Restart(_random);
            }
            else
            {
                _active[owner].Wipe();
                _active[owner] = null!;
            }
        }
        _active.RemoveAll(window => window is null);
    }

    public void Dispose()
    {
        foreach (CandidateWindow window in _active)
            window.Wipe();
        _screen.Dispose();
        _confirmation.Dispose();
        _random.Dispose();
        _found.Clear();
    }

    /// <summary>Gives every stream its share of the lanes, in ascending order of candidates. Returns which lanes hold a candidate of theirs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong FillLanes()
    {
        ulong valid = 0;
        int lanes = _owner.Length, lane = 0;
        for (int s = 0; s < _active.Count; s++)
        {
            int end = (int)((long)lanes * (s + 1) / _active.Count);
            int first = lane;
            for (; lane < end; lane++)
            {
                _owner[lane] = s;
                if (_active[s].TryNext(_screen.Candidate(lane)))
                {
                    valid |= 1UL << lane;
                    continue;
                }
                // The range ends here. The stream's remaining candidates are tested first; only then does it restart.
                while (lane == first && !_active[s].TryNext(_screen.Candidate(lane)))
                    _active[s].Restart(_random);
                if (lane == first)
                {
                    valid |= 1UL << lane;
                    continue;
                }
                for (; lane < end; lane++)
                {
                    _owner[lane] = s;
                    _screen.Candidate(first).CopyTo(_screen.Candidate(lane));
                }
            }
        }
        return valid;
    }
}
