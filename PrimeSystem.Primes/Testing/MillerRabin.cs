using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// The Miller–Rabin test (Rabin, "Probabilistic algorithm for testing primality", 1980) of one number with random bases, one base per lane.
/// A composite, whoever chose it, passes k rounds with probability below 4⁻ᵏ (Monier 1980).
/// </summary>
/// <remarks>
/// Why it is fast: all lanes share modulus and exponent, so a sliding window of the exponent (Knuth, TAOCP 2, 4.6.3) selects the same table entry for
/// every lane and needs no gather. A base is drawn directly in Montgomery form, which permutes the residues: uniform before, uniform after.
/// </remarks>
internal sealed class MillerRabin : IDisposable
{
    private const int X = 0, Y = 1, One = 2, MinusOne = 3, Table = 4;

    /// <summary>Squarings between two checks of the cancellation token: some milliseconds at 10,000 digits.</summary>
    private const int MaxPending = 16;

    private readonly MontgomeryLanes _lanes;
    private readonly RandomSource _random;
    private readonly int _windowBits;
    private readonly ulong[] _exponent;

    public MillerRabin(int bits, RandomSource random)
    {
        _windowBits = bits switch { < 100 => 3, < 300 => 4, < 900 => 5, _ => 6 };
        _lanes = KernelChoice.ForOneModulus(bits, registers: Table + (1 << (_windowBits - 1)));
        _random = random;
        int words = NaturalNumber.WordCount(bits);
        _exponent = GC.AllocateArray<ulong>(words, pinned: true);
        _lanes.SetAll(One, [1]);
    }

    /// <summary>Whether an odd number above 2 passes at least <paramref name="rounds"/> rounds; all lanes are used, so some more may be tested.</summary>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Test(ReadOnlySpan<ulong> candidate, int rounds, CancellationToken cancellationToken)
    {
        _lanes.SetAllModuli(candidate);
        candidate.CopyTo(_exponent);
        _exponent[0] ^= 1;
        _lanes.SetAll(MinusOne, _exponent);
        int twos = NaturalNumber.TrailingZeroCount(_exponent), bits = NaturalNumber.BitLength(candidate);
        NaturalNumber.ShiftRight(_exponent, twos);
        for (int done = 0; done < rounds; done += _lanes.Lanes)
        {
            _lanes.Randomize(X, candidate, _random);
            Power(bits - twos, cancellationToken);
            if (!AllPass(twos))
                return false;
        }
        return true;
    }

    public void Dispose()
    {
        _lanes.Dispose();
        Array.Clear(_exponent);
    }

    /// <summary>X ← X^exponent, by a sliding window over its odd digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Power(int exponentBits, CancellationToken cancellationToken)
    {
        _lanes.Copy(Table, X);
        _lanes.Square(Y, X);
        for (int i = 1; i < 1 << (_windowBits - 1); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _lanes.Multiply(Table + i, Table + i - 1, Y);
        }
        bool isFirst = true;
        int pending = 0;
        for (int bit = exponentBits - 1; bit >= 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!NaturalNumber.IsBitSet(_exponent, bit))
            {
                bit--;
                if (++pending == MaxPending)
                {
                    _lanes.SquareTimes(X, pending);
                    pending = 0;
                }
                continue;
            }
            int low = Math.Max(0, bit - _windowBits + 1);
            while (!NaturalNumber.IsBitSet(_exponent, low))
                low++;
            int digit = Bits(low, bit - low + 1);
            if (isFirst)
            {
                _lanes.Copy(X, Table + (digit >> 1));
                isFirst = false;
            }
            else
            {
                _lanes.SquareTimes(X, pending + bit - low + 1);
                pending = 0;
                _lanes.Multiply(X, X, Table + (digit >> 1));
            }
            bit = low - 1;
        }
        _lanes.SquareTimes(X, pending);
    }

    /// <summary>Whether every lane's power is 1, or reaches −1 within the squarings that the factor 2^twos of n − 1 allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool AllPass(int twos)
    {
        ulong pending = _lanes.Lanes == 64 ? ulong.MaxValue : (1UL << _lanes.Lanes) - 1;
        for (int i = 0; i < twos; i++)
        {
            _lanes.Multiply(Y, X, One);
            pending &= ~_lanes.Equal(Y, MinusOne);
            if (i == 0)
                pending &= ~_lanes.Equal(Y, One);
            if (pending == 0)
                return true;
            if (i + 1 < twos)
                _lanes.Square(X, X);
        }
        return false;
    }

    /// <summary>A few bits of the exponent; it has a word to spare at its end.</summary>
    private int Bits(int low, int count)
    {
        int word = low >> 6, shift = low & 63;
        ulong bits = _exponent[word] >> shift;
        if (shift + count > 64)
            bits |= _exponent[word + 1] << (64 - shift);
        return (int)(bits & ((1UL << count) - 1));
    }
}
