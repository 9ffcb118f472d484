using System.Numerics;
using CsCheck;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Portable;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Tests.Primes;

/// <summary>
/// Properties of the kernels this processor can run, on operands of any size and shape, against BigInteger. A failure prints a seed that repeats it.
/// </summary>
public class KernelPropertyTests
{
    private const int A = 0, B = 1, Result = 2, Other = 3;
    private const int LimbBits = 52, Slack = 4;

    public static TheoryData<string> Kernels => [.. KernelChoice.Supported.Select(kernel => kernel.ToString()), nameof(WordLanes)];

    /// <summary>Numbers of so many bits, of 64-bit pieces that are random, all zeros, all ones, or a lone bit: what carries run through.</summary>
    private static Gen<BigInteger> Number(int bits)
    {
        Gen<ulong> piece = Gen.OneOf(Gen.ULong, Gen.Const(0UL), Gen.Const(ulong.MaxValue), Gen.Int[0, 63].Select(bit => 1UL << bit));
        return piece.Array[(bits + 63) / 64].Select(pieces =>
            pieces.Aggregate(BigInteger.Zero, (number, next) => (number << 64) | next) & ((BigInteger.One << bits) - 1));
    }

    /// <summary>A modulus of exactly so many bits and two operands below 4m, now and then the extremes.</summary>
    private static Gen<Case> Cases(int maxLimbs) =>
        from limbs in Gen.Int[1, maxLimbs]
        from spare in Gen.OneOf(Gen.Const(0), Gen.Int[0, LimbBits - Slack - 1])
        let bits = limbs * LimbBits - Slack - spare
        from m in Number(bits).Select(n => n | (BigInteger.One << (bits - 1)) | 1)
        from a in Operand(m, bits)
        from b in Operand(m, bits)
        from exponent in Gen.ULong
        from bit in Gen.Int[0, 63]
        select new Case(bits, m, a, b, exponent, bit);

    private static Gen<BigInteger> Operand(BigInteger m, int bits) => Gen.OneOf(
        Number(bits + 2).Select(n => n % (4 * m)), Gen.Int[0, 5].Select(i => new[] { 0, 1, m - 1, m, 2 * m, 4 * m - 1 }[i]));

    [Theory, MemberData(nameof(Kernels))]
    public void Products_and_squares_are_congruent_to_the_exact_ones_and_below_4m(string kernel) =>
        Cases(maxLimbs: 40).Sample(c => Holds(kernel, c), iter: 1_500, threads: 1);

    [Theory, MemberData(nameof(Kernels))]
    public void Long_products_and_squares_are_congruent_to_the_exact_ones_and_below_4m(string kernel) =>
        Cases(maxLimbs: 220).Sample(c => Holds(kernel, c), iter: 60, threads: 1);

    [Theory, MemberData(nameof(Kernels))]
    public void Multiplication_commutes_and_a_square_is_a_product_with_itself(string kernel) =>
        Cases(maxLimbs: 24).Sample(
            c =>
            {
                using MontgomeryLanes lanes = Lanes(kernel, c);
                lanes.Multiply(Result, A, B);
                lanes.Multiply(Other, B, A);
                Assert.Equal(Read(lanes, Result) % c.Modulus, Read(lanes, Other) % c.Modulus);
                lanes.Multiply(Result, A, A);
                lanes.Square(Other, A);
                Assert.Equal(Read(lanes, Result) % c.Modulus, Read(lanes, Other) % c.Modulus);
            },
            iter: 600, threads: 1);

    [Theory, MemberData(nameof(Kernels))]
    public void A_multiplication_with_one_reduces_completely(string kernel) =>
        Cases(maxLimbs: 24).Sample(
            c =>
            {
                using MontgomeryLanes lanes = Lanes(kernel, c);
                lanes.SetAll(B, [1]);
                lanes.Multiply(Result, A, B);
                BigInteger reduced = Read(lanes, Result);
                Assert.True(reduced <= c.Modulus);
                Assert.Equal(BigInteger.Zero, ((reduced << (lanes.LimbBits * lanes.Limbs)) - c.A) % c.Modulus);
            },
            iter: 600, threads: 1);

    private static void Holds(string kernel, Case c)
    {
        using MontgomeryLanes lanes = Lanes(kernel, c);
        var exponents = new ulong[lanes.Lanes];
        Array.Fill(exponents, c.Exponent);
        int doubling = (int)(c.Exponent >> c.Bit) & 1;
        lanes.Multiply(Result, A, B);
        Verify(c.A * c.B);
        lanes.Square(Result, A);
        Verify(c.A * c.A);
        lanes.SquareDouble(Result, B, exponents, c.Bit);
        Verify(c.B * c.B << doubling);
        lanes.SquareDouble(A, A, exponents, c.Bit);
        lanes.Copy(Result, A);
        Verify(c.A * c.A << doubling);

        void Verify(BigInteger expected)
        {
            BigInteger result = Read(lanes, Result);
            Assert.True(result < 4 * c.Modulus);
            Assert.Equal(BigInteger.Zero, ((result << (lanes.LimbBits * lanes.Limbs)) - expected) % c.Modulus);
        }
    }

    private static MontgomeryLanes Lanes(string kernel, Case c)
    {
        const int registers = 4;
        MontgomeryLanes lanes = kernel == nameof(WordLanes)
            ? new WordLanes(c.Bits, registers)
            : KernelChoice.Create(Enum.Parse<Kernel>(kernel), c.Bits, vectors: 1, registers, isShared: true);
        lanes.SetAllModuli(Words(lanes, c.Modulus));
        lanes.SetAll(A, Words(lanes, c.A));
        lanes.SetAll(B, Words(lanes, c.B));
        return lanes;
    }

    private static ulong[] Words(MontgomeryLanes lanes, BigInteger value)
    {
        var words = new ulong[lanes.Limbs * lanes.LimbBits / 64 + 2];
        NaturalNumber.FromBigInteger(value, words);
        return words;
    }

    /// <summary>The number that all lanes hold.</summary>
    private static BigInteger Read(MontgomeryLanes lanes, int register)
    {
        var words = new ulong[lanes.Limbs * lanes.LimbBits / 64 + 2];
        BigInteger? common = null;
        for (int lane = 0; lane < lanes.Lanes; lane++)
        {
            lanes.Get(register, lane, words);
            BigInteger value = NaturalNumber.ToBigInteger(words);
            Assert.Equal(common ??= value, value);
        }
        return common!.Value;
    }

    private sealed record Case(int Bits, BigInteger Modulus, BigInteger A, BigInteger B, ulong Exponent, int Bit);
}
