using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Primes.Testing;

/// <summary>The strong test of one number to one given base, one bit of the exponent after another: for Baillie–PSW, not for the search.</summary>
internal sealed class StrongTest(int bits) : IDisposable
{
    private const int X = 0, Base = 1, One = 2;

    private readonly MontgomeryLanes _lanes = KernelChoice.ForOneModulus(bits, registers: 3);
    private readonly ulong[] _modulus = new ulong[NaturalNumber.WordCount(bits)], _number = new ulong[NaturalNumber.WordCount(bits)];

    public bool Test(BigInteger n, int witness, CancellationToken cancellationToken)
    {
        NaturalNumber.FromBigInteger(n, _modulus);
        _lanes.SetAllModuli(_modulus);
        BigInteger r = BigInteger.One << (_lanes.LimbBits * _lanes.Limbs);
        Set(One, BigInteger.One);
        Set(Base, r * witness % n);
        Set(X, r % n);
        BigInteger minusOne = n - 1;
        int twos = (int)BigInteger.TrailingZeroCount(minusOne);
        NaturalNumber.FromBigInteger(minusOne >> twos, _number);
        ulong[] exponent = [.. _number];
        for (int bit = NaturalNumber.BitLength(exponent) - 1; bit >= 0; bit--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _lanes.Square(X, X);
            if (NaturalNumber.IsBitSet(exponent, bit))
                _lanes.Multiply(X, X, Base);
        }
        for (int i = 0; i < twos; i++)
        {
            _lanes.Multiply(Base, X, One);
            _lanes.Get(Base, 0, _number);
            BigInteger power = NaturalNumber.ToBigInteger(_number);
            if ((i == 0 && power.IsOne) || power == minusOne)
                return true;
            _lanes.Square(X, X);
        }
        return false;
    }

    public void Dispose() => _lanes.Dispose();

    private void Set(int register, BigInteger value)
    {
        NaturalNumber.FromBigInteger(value, _number);
        _lanes.SetAll(register, _number);
    }
}
