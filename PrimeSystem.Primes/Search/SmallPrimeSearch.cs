using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The search for primes below 2⁴⁸, one stream per lane: strong tests in doubles, exact with a handful of bases (<see cref="SmallStrongTest"/>).
/// </summary>
/// <remarks>
/// Why it is fast: at this size a test of a candidate costs some ten nanoseconds, so everything around it counts. A window is 64 odd numbers in one
/// word (<see cref="OffsetMasks"/>), and the next candidate of a lane is its lowest clear bit.
/// </remarks>
internal sealed class SmallPrimeSearch : IPrimeSearch
{
    private const int Lanes = SmallStrongTest.Lanes;

    private readonly RandomSource _random = new();
    private readonly Queue<BigInteger> _found = new();
    private readonly ulong[] _starts = GC.AllocateArray<ulong>(Lanes, pinned: true);
    private readonly ulong[] _open = GC.AllocateArray<ulong>(Lanes, pinned: true);
    private readonly ulong[] _candidates = GC.AllocateArray<ulong>(Lanes, pinned: true);
    private readonly ulong _low, _high, _span;
    private uint _active;
    private int _toStart;

    public SmallPrimeSearch(ulong low, ulong high, int count)
    {
        _low = low;
        _high = high;
        _span = high - low;
        _toStart = count;
        Array.Fill(_candidates, high - 1 | 1);
        for (int lane = 0; lane < Lanes && _toStart > 0; lane++, _toStart--)
        {
            Restart(lane);
            _active |= 1U << lane;
        }
    }

    public static bool Covers(SearchRange range) => range.Bits <= DoubleModulus.MaxBits;

    public bool IsActive => _active != 0;

    public long Tested { get; private set; }

    public bool TryTake(out BigInteger prime) => _found.TryDequeue(out prime);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (uint lanes = _active; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            _candidates[lane] = Next(lane);
        }
        Tested += BitOperations.PopCount(_active);
        uint passed = SmallStrongTest.Test(_candidates, 2) & _active;
        foreach (byte witness in SmallStrongTest.BasesBelow(_high))
            passed &= SmallStrongTest.Test(_candidates, witness);
        for (; passed != 0; passed &= passed - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passed);
            _found.Enqueue(_candidates[lane]);
            if (_toStart > 0)
            {
                _toStart--;
                Restart(lane);
            }
            else
            {
                // No stream is started that is not needed: taking the luckiest of several would favour primes after short gaps.
                _active &= ~(1U << lane);
            }
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_starts.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_candidates.AsSpan()));
        _random.Dispose();
        _found.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Restart(int lane)
    {
        ulong mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(_span - 1), offset;
        do
            offset = _random.NextWord() & mask;
        while (offset >= _span);
        _starts[lane] = (_low + offset) | 1;
        _open[lane] = ~OffsetMasks.Composites(_starts[lane]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Next(int lane)
    {
        while (true)
        {
            if (_open[lane] == 0)
            {
                _starts[lane] += 128;
                _open[lane] = ~OffsetMasks.Composites(_starts[lane]);
                continue;
            }
            ulong candidate = _starts[lane] + 2 * (ulong)BitOperations.TrailingZeroCount(_open[lane]);
            _open[lane] &= _open[lane] - 1;
            if (candidate < _high)
                return candidate;
            Restart(lane);
        }
    }
}
