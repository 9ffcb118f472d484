using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The search for primes of 49 to 81 bits, where a dozen fixed bases are a proof (<see cref="ProvenTest"/>).
/// </summary>
/// <remarks>
/// Why it is fast: numbers that pass the screen are set aside until the lanes of the proof are full, and their streams go on at once. So neither the
/// screen nor the proof runs with empty lanes. If a number that was set aside proves composite, another stream is started.
/// </remarks>
internal sealed class ProvenPrimeSearch : IPrimeSearch
{
    private readonly RandomSource _random = new();
    private readonly Queue<BigInteger> _found = new();
    private readonly ProvenTest _test = new();
    private readonly UInt128 _low, _high, _span;
    private readonly UInt128[] _starts, _candidates, _screenedOnes, _waiting, _waitingOnes;
    private readonly ulong[] _open;
    private ulong _active;
    private int _toStart, _waitingCount;

    public ProvenPrimeSearch(SearchRange range, int count)
    {
        _low = new UInt128(range.Low[1], range.Low[0]);
        _high = new UInt128(range.High[1], range.High[0]);
        _span = _high - _low;
        _toStart = count;
        int lanes = _test.Lanes;
        _starts = Lanes(lanes);
        _candidates = Lanes(lanes);
        _screenedOnes = Lanes(lanes);
        _waiting = Lanes(lanes);
        _waitingOnes = Lanes(lanes);
        _open = new ulong[lanes];
        Array.Fill(_candidates, _high - 1 | 1);
        StartLanes();
    }

    public bool IsActive => _active != 0 || _waitingCount > 0;

    public long Tested { get; private set; }

    public static bool Covers(SearchRange range) => range.Bits <= ProvenTest.MaxBits;

    public bool TryTake(out BigInteger prime) => _found.TryDequeue(out prime);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (ulong lanes = _active; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            _candidates[lane] = Next(lane);
        }
        Tested += BitOperations.PopCount(_active);
        for (ulong passed = _test.Screen(_candidates, _screenedOnes) & _active; passed != 0; passed &= passed - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passed);
            _waiting[_waitingCount] = _candidates[lane];
            _waitingOnes[_waitingCount++] = _screenedOnes[lane];
            if (_waitingCount == _waiting.Length)
                Prove();
            if (_toStart > 0)
            {
                _toStart--;
                Restart(lane);
            }
            else
            {
                _active &= ~(1UL << lane);
            }
        }
        if (_active == 0)
        {
            Prove();
            StartLanes();
        }
    }

    public void Dispose()
    {
        foreach (UInt128[] secrets in new[] { _starts, _candidates, _screenedOnes, _waiting, _waitingOnes })
            Array.Clear(secrets);
        _test.Dispose();
        _random.Dispose();
        _found.Clear();
    }

    private static UInt128[] Lanes(int count) => GC.AllocateArray<UInt128>(count, pinned: true);

    private void StartLanes()
    {
        for (int lane = 0; lane < _starts.Length && _toStart > 0; lane++, _toStart--)
        {
            Restart(lane);
            _active |= 1UL << lane;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prove()
    {
        if (_waitingCount == 0)
            return;
        for (int lane = _waitingCount; lane < _waiting.Length; lane++)
            (_waiting[lane], _waitingOnes[lane]) = (_waiting[0], _waitingOnes[0]);
        ulong proven = _test.Prove(_waiting, _waitingOnes, ProvenTest.BasesBelow(_high));
        for (int lane = 0; lane < _waitingCount; lane++)
        {
            if (((proven >> lane) & 1) != 0)
                _found.Enqueue(_waiting[lane]);
            else
                _toStart++;
        }
        _waitingCount = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Restart(int lane)
    {
        int bits = 128 - (int)UInt128.LeadingZeroCount(_span - 1);
        UInt128 offset;
        do
            offset = (bits > 64 ? new UInt128(_random.NextWord(), _random.NextWord()) : _random.NextWord()) & (UInt128.MaxValue >> (128 - bits));
        while (offset >= _span);
        _starts[lane] = (_low + offset) | 1;
        _open[lane] = ~OffsetMasks.Composites(_starts[lane]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private UInt128 Next(int lane)
    {
        while (true)
        {
            if (_open[lane] == 0)
            {
                _starts[lane] += 128;
                _open[lane] = ~OffsetMasks.Composites(_starts[lane]);
                continue;
            }
            UInt128 candidate = _starts[lane] + 2 * (ulong)BitOperations.TrailingZeroCount(_open[lane]);
            _open[lane] &= _open[lane] - 1;
            if (candidate < _high)
                return candidate;
            Restart(lane);
        }
    }
}
