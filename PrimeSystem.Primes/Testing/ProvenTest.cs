using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// Exact tests of numbers of 49 to 81 bits, one per lane: the Euler–Jacobi test to base 2 as a screen, then strong tests to the
/// first twelve or thirteen primes, which no composite below ψ₁₂ = 318 665 857 834 031 151 167 461 and ψ₁₃ = 3 317 044 064 679 887 385 961 981 passes
/// (Sorenson, Webster, "Strong pseudoprimes to twelve prime bases", Math. Comp. 86, 2017).
/// </summary>
/// <remarks>
/// Why it is fast: thirteen small bases instead of forty random ones, and a small base is a scaling of two limbs, not a multiplication. R mod m, which
/// the ladder to another base starts from, is free: a prime's screen ends at ±1 in Montgomery form, and the sign is known.
/// </remarks>
internal sealed class ProvenTest : IDisposable
{
    /// <summary>The largest numbers, in bits: ψ₁₃ has 82.</summary>
    public const int MaxBits = 81;

    private const int X = 0, Y = 1, Start = 2, One = 3, Registers = 4;

    private static readonly UInt128 Psi9 = 3_825_123_056_546_413_051;
    private static readonly UInt128 Psi12 = UInt128.Parse("318665857834031151167461");

    private readonly MontgomeryLanes _lanes = KernelChoice.ForTwoLimbs(Registers);
    private readonly ulong[] _low, _high;
    private readonly ulong[] _words = new ulong[3];

    public ProvenTest()
    {
        _low = GC.AllocateArray<ulong>(_lanes.Lanes, pinned: true);
        _high = GC.AllocateArray<ulong>(_lanes.Lanes, pinned: true);
        _lanes.SetAll(One, [1]);
    }

    public int Lanes => _lanes.Lanes;

    /// <summary>The first primes to whose bases the strong test is exact below <paramref name="limit"/>.</summary>
    public static ReadOnlySpan<byte> BasesBelow(UInt128 limit) =>
        limit <= Psi9 ? [2, 3, 5, 7, 11, 13, 17, 19, 23]
        : limit <= Psi12 ? [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]
        : [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41];

    /// <summary>
    /// The Euler–Jacobi test to base 2 (<see cref="BaseTwoScreen"/>): bit i is set when numbers[i] passes, and then ones[i] ≡ R mod numbers[i].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Screen(ReadOnlySpan<UInt128> numbers, Span<UInt128> ones)
    {
        // One T for all lanes: the room between 81 and 104 bits admits a start far above the modulus.
        int radixBits = _lanes.LimbBits * _lanes.Limbs, steps = 0;
        foreach (UInt128 n in numbers)
            steps = Math.Max(steps, 128 - (int)UInt128.LeadingZeroCount(n >> 1) - BitOperations.Log2((uint)radixBits));
        for (int lane = 0; lane < Lanes; lane++)
        {
            UInt128 n = numbers[lane], half = n >> 1, start = (half >> steps) + 1;
            SetModulus(lane, n);
            Set(X, lane, UInt128.One << (radixBits - (int)start));
            UInt128 exponent = (start << steps) - half;
            _low[lane] = (ulong)exponent;
            _high[lane] = (ulong)(exponent >> 64);
        }
        for (int bit = steps - 1; bit >= 0; bit--)
            _lanes.SquareDouble(X, X, bit >= 64 ? _high : _low, bit & 63);
        _lanes.Multiply(Y, X, One);
        ulong passed = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            UInt128 n = numbers[lane], power = Get(Y, lane);
            bool isPlus = ((ulong)n & 7) is 1 or 7;
            if (power != (isPlus ? UInt128.One : n - 1))
                continue;
            passed |= 1UL << lane;
            UInt128 root = Get(X, lane);
            ones[lane] = isPlus ? root : 4 * n - root;
        }
        return passed;
    }

    /// <summary>Strong tests to all <paramref name="bases"/>: bit i is set when numbers[i] passes every one.</summary>
    /// <param name="numbers">Odd numbers without a factor among the bases.</param>
    /// <param name="ones">R mod each number, as <see cref="Screen"/> found it.</param>
    /// <param name="bases">See <see cref="BasesBelow"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Prove(ReadOnlySpan<UInt128> numbers, ReadOnlySpan<UInt128> ones, ReadOnlySpan<byte> bases)
    {
        int steps = 0;
        ulong passed = Lanes == 64 ? ulong.MaxValue : (1UL << Lanes) - 1;
        for (int lane = 0; lane < Lanes; lane++)
        {
            UInt128 n = numbers[lane], exponent = (n - 1) >> (int)UInt128.TrailingZeroCount(n - 1);
            SetModulus(lane, n);
            Set(Start, lane, ones[lane]);
            _low[lane] = (ulong)exponent;
            _high[lane] = (ulong)(exponent >> 64);
            steps = Math.Max(steps, 128 - (int)UInt128.LeadingZeroCount(exponent));
        }
        foreach (byte witness in bases)
        {
            // A lane with a shorter exponent squares 1 until its first bit.
            _lanes.Copy(X, Start);
            for (int bit = steps - 1; bit >= 0; bit--)
                _lanes.SquareScale(X, X, bit >= 64 ? _high : _low, bit & 63, witness);
            passed &= ReachedMinusOne(numbers);
        }
        return passed;
    }

    public void Dispose()
    {
        _lanes.Dispose();
        Array.Clear(_low);
        Array.Clear(_high);
        Array.Clear(_words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong ReachedMinusOne(ReadOnlySpan<UInt128> numbers)
    {
        ulong passed = 0, pending = Lanes == 64 ? ulong.MaxValue : (1UL << Lanes) - 1;
        for (int i = 0; ; i++)
        {
            _lanes.Multiply(Y, X, One);
            for (ulong lanes = pending; lanes != 0; lanes &= lanes - 1)
            {
                int lane = BitOperations.TrailingZeroCount(lanes);
                UInt128 n = numbers[lane], power = Get(Y, lane);
                if (power == n - 1 || (i == 0 && power == UInt128.One))
                    passed |= 1UL << lane;
                else if (i + 1 < (int)UInt128.TrailingZeroCount(n - 1))
                    continue;
                pending &= ~(1UL << lane);
            }
            if (pending == 0)
                return passed;
            _lanes.Square(X, X);
        }
    }

    private void SetModulus(int lane, UInt128 n)
    {
        _words[0] = (ulong)n;
        _words[1] = (ulong)(n >> 64);
        _lanes.SetModulus(lane, _words);
    }

    private void Set(int register, int lane, UInt128 value)
    {
        _words[0] = (ulong)value;
        _words[1] = (ulong)(value >> 64);
        _lanes.Set(register, lane, _words);
    }

    private UInt128 Get(int register, int lane)
    {
        _lanes.Get(register, lane, _words);
        return new UInt128(_words[1], _words[0]);
    }
}
