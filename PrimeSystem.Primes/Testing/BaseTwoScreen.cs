using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// The Euler–Jacobi test to base 2 of one candidate per lane: 2^((c−1)/2) ≡ (2/c) (mod c). Every prime passes (Euler's criterion), and hardly any large
/// composite does (Pomerance 1981), so that what passes is worth a confirmation.
/// </summary>
/// <remarks>
/// <para>Why it is fast: base 2 needs squarings only, the bits of the exponent being doublings inside the kernel's last step. The ladder starts from
/// a power of two that is already in Montgomery form: with R = 2^ρ, the number 2^(ρ−E) is the Montgomery form of 2^(−E). So it raises 2^(−E) to 2ᵀ
/// and doubles where B = E·2ᵀ − N has a bit, which yields 2^(−N) for N = (c−1)/2, and 2^(−N) = ±1 exactly when 2^N is. Neither R mod c nor the first
/// seven or so squarings are computed.</para>
/// </remarks>
internal sealed class BaseTwoScreen : IDisposable
{
    private const int X = 0, One = 1;

    private readonly MontgomeryLanes _lanes;
    private readonly int _words, _radixBits;
    private readonly ulong[][] _candidates;
    private readonly ulong[] _exponents;
    private readonly ulong[] _number;
    private readonly int[] _steps;
    private readonly int[] _starts;

    public BaseTwoScreen(int bits)
    {
        _lanes = KernelChoice.ForCandidates(bits, registers: 2);
        _words = NaturalNumber.WordCount(bits);
        _radixBits = _lanes.LimbBits * _lanes.Limbs;
        _candidates = new ulong[_lanes.Lanes][];
        for (int lane = 0; lane < _candidates.Length; lane++)
            _candidates[lane] = GC.AllocateArray<ulong>(_words, pinned: true);
        _exponents = GC.AllocateArray<ulong>(_words * _lanes.Lanes, pinned: true);
        _number = GC.AllocateArray<ulong>(NaturalNumber.WordCount(_radixBits), pinned: true);
        _steps = new int[_lanes.Lanes];
        _starts = new int[_lanes.Lanes];
        _lanes.SetAll(One, [1]);
    }

    /// <summary>Candidates per run, at most 64.</summary>
    public int Lanes => _lanes.Lanes;

    /// <summary>The candidate of a lane, to be written before a run: odd, and above 2.</summary>
    public Span<ulong> Candidate(int lane) => _candidates[lane];

    /// <summary>Tests all lanes. Bit i of the answer is set when lane i passes.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Run(CancellationToken cancellationToken)
    {
        int steps = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            Prepare(lane);
            steps = Math.Max(steps, _steps[lane]);
        }
        int settled = steps;
        foreach (int own in _steps)
            settled = Math.Min(settled, own);
        for (int bit = steps - 1; bit >= 0; bit--)
        {
            // Lanes of shorter candidates join later; until then they hold anything.
            if (bit + 1 >= settled)
                SetStarts(bit + 1);
            cancellationToken.ThrowIfCancellationRequested();
            _lanes.SquareDouble(X, X, _exponents.AsSpan((bit >> 6) * Lanes, Lanes), bit & 63);
        }
        _lanes.Multiply(X, X, One);
        ulong passed = 0;
        for (int lane = 0; lane < Lanes; lane++)
            passed |= (IsExpected(lane) ? 1UL : 0) << lane;
        return passed;
    }

    public void Dispose()
    {
        _lanes.Dispose();
        foreach (ulong[] candidate in _candidates)
            Array.Clear(candidate);
        Array.Clear(_exponents);
        Array.Clear(_number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare(int lane)
    {
        ReadOnlySpan<ulong> candidate = _candidates[lane];
        _lanes.SetModulus(lane, candidate);
        Span<ulong> exponent = _number.AsSpan(0, _words);
        candidate.CopyTo(exponent);
        NaturalNumber.ShiftRight(exponent, 1);

        // The smallest T with E = ⌈N / 2ᵀ⌉ ≤ ρ.
        int bits = NaturalNumber.BitLength(exponent);
        int t = Math.Max(0, bits - BitOperations.Log2((uint)_radixBits) - 1);
        int start = CeilingShift(exponent, t);
        if (start > _radixBits)
            start = CeilingShift(exponent, ++t);
        _steps[lane] = t;
        _starts[lane] = start;

        // B = E·2ᵀ − N = −N mod 2ᵀ.
        NaturalNumber.NegateLowBits(exponent, t);
        for (int i = 0; i < _words; i++)
            _exponents[i * Lanes + lane] = exponent[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CeilingShift(ReadOnlySpan<ulong> n, int shift)
    {
        int word = shift >> 6, skip = shift & 63;
        ulong top = n[word] >> skip;
        if (skip != 0 && word + 1 < n.Length)
            top |= n[word + 1] << (64 - skip);
        return shift > 0 && NaturalNumber.TrailingZeroCount(n) < shift ? (int)top + 1 : (int)top;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetStarts(int step)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (_steps[lane] != step)
                continue;
            int power = _radixBits - _starts[lane], bits = NaturalNumber.BitLength(_candidates[lane]);
            Debug.Assert(power >= 0);
            Array.Clear(_number);
            if (power <= bits + 1)
                _number[power >> 6] = 1UL << (power & 63);
            else
                NaturalNumber.FromBigInteger((BigInteger.One << power) % NaturalNumber.ToBigInteger(_candidates[lane]), _number);
            _lanes.Set(X, lane, _number);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsExpected(int lane)
    {
        Span<ulong> power = _number.AsSpan(0, _words);
        _lanes.Get(X, lane, power);
        ReadOnlySpan<ulong> candidate = _candidates[lane];
        if ((candidate[0] & 7) is 1 or 7)
            return NaturalNumber.IsOne(power);
        // c is odd: c − 1 differs from it in the lowest bit only.
        power[0] ^= 1;
        return power.SequenceEqual(candidate);
    }
}
