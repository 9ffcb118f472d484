using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The odd numbers above a uniformly random start that no small prime divides, in ascending order. Windows are sieved one after another, up to the end
/// of the range.
/// </summary>
internal sealed class CandidateWindow
{
    private readonly SearchRange _range;
    private readonly Sieve _sieve;
    private readonly ulong[] _start;
    private readonly ulong[] _composites;
    private int _next;

    public CandidateWindow(SearchRange range, Sieve sieve)
    {
        _range = range;
        _sieve = sieve;
        _start = GC.AllocateArray<ulong>(range.Low.Length, pinned: true);
        _composites = new ulong[range.WindowOdds / 64];
    }

    /// <summary>Draws a new start: uniform in the range, made odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Restart(RandomSource random)
    {
        random.NextBelow(_range.Span, _range.SpanBits, _start);
        NaturalNumber.Add(_start, _range.Low);
        _start[0] |= 1;
        SieveWindow();
    }

    /// <summary>Writes the next candidate; false when the range has none left above the start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryNext(Span<ulong> candidate)
    {
        while (true)
        {
            if (_next >= _range.WindowOdds)
            {
                NaturalNumber.Add(_start, 2 * (ulong)_range.WindowOdds);
                if (!NaturalNumber.IsLess(_start, _range.High))
                    return false;
                SieveWindow();
            }
            ulong left = ~_composites[_next >> 6] >> (_next & 63);
            if (left == 0)
            {
                _next = (_next | 63) + 1;
                continue;
            }
            _next += System.Numerics.BitOperations.TrailingZeroCount(left);
            _start.CopyTo(candidate);
            NaturalNumber.Add(candidate, 2 * (ulong)_next++);
            return NaturalNumber.IsLess(candidate, _range.High);
        }
    }

    public void Wipe()
    {
        Array.Clear(_start);
        Array.Clear(_composites);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SieveWindow()
    {
        _next = 0;
        Array.Clear(_composites);
        _sieve.Mark(_start, _composites);
    }
}
