using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Portable;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Tests.Primes;

/// <summary>Every kernel this processor has, against BigInteger: results are congruent to what they should be, and below 4m.</summary>
public class MontgomeryLanesTests
{
    private const int A = 0, B = 1, Result = 2;

    public static TheoryData<string> Kernels => [.. KernelChoice.Supported.Select(kernel => kernel.ToString())];

    [Theory, MemberData(nameof(Kernels))]
    public void Every_limb_count_up_to_200_agrees_with_BigInteger_on_random_operands(string kernel)
    {
        var random = new Random(1);
        for (int limbs = 1; limbs <= 200; limbs++)
            Check(kernel, bits: limbs * 52 - 4 - random.Next(40), random, vectors: limbs <= 12 ? 3 : 1, adversarial: false);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Every_limb_count_up_to_64_agrees_with_BigInteger_on_the_largest_and_smallest_operands(string kernel)
    {
        var random = new Random(2);
        for (int limbs = 1; limbs <= 64; limbs++)
            Check(kernel, bits: limbs * 52 - 4, random, vectors: 1, adversarial: true);
    }

    /// <summary>Where the words of a number are filled to their last bit, and the kernels for short numbers meet.</summary>
    [Theory, MemberData(nameof(Kernels))]
    public void Every_bit_length_up_to_160_agrees_with_BigInteger_on_the_largest_and_smallest_operands(string kernel)
    {
        var random = new Random(6);
        for (int bits = 40; bits <= 160; bits++)
        {
            Check(kernel, bits, random, vectors: 2, adversarial: true);
            Check(kernel, bits, random, vectors: 1, adversarial: false);
        }
    }

    /// <summary>2^50 times an odd number is half-way between two multiples of 2⁵¹, which doubles round to one and then to the other side.</summary>
    [Theory, MemberData(nameof(Kernels))]
    public void Products_half_way_between_two_multiples_of_the_radix_agree_with_BigInteger(string kernel)
    {
        var random = new Random(7);
        foreach (int bits in new[] { 120, 200, 250, 500, 1_000 })
        {
            using MontgomeryLanes lanes = KernelChoice.Create(Enum.Parse<Kernel>(kernel), bits, vectors: 1, registers: 3, isShared: false);
            BigInteger r = BigInteger.One << (lanes.LimbBits * lanes.Limbs), a = BigInteger.One << (Math.Min(lanes.LimbBits, 60) - 1);
            var moduli = new BigInteger[lanes.Lanes];
            for (int i = 0; i < 20; i++)
            {
                BigInteger b = 2L * random.Next() + 1;
                for (int lane = 0; lane < lanes.Lanes; lane++)
                {
                    moduli[lane] = Modulus(random, bits, kind: 4);
                    SetModulus(lanes, lane, moduli[lane]);
                    Put(lanes, A, lane, a);
                    Put(lanes, B, lane, b);
                }
                lanes.Multiply(Result, A, B);
                Verify(lanes, moduli, r, _ => a * b, $"{kernel} {bits} bits: half-way");
            }
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Long_numbers_agree_with_BigInteger(string kernel)
    {
        var random = new Random(3);
        foreach (int limbs in new[] { 255, 341, 342, 511, 679, 680, 681, 878, 879 })
            Check(kernel, bits: limbs * 52 - 4, random, vectors: 1, adversarial: true);
    }

    /// <summary>The fallback: one lane, any length. No other test runs it on a machine with better kernels.</summary>
    [Fact]
    public void Numbers_in_words_agree_with_BigInteger_at_every_length()
    {
        var random = new Random(5);
        for (int words = 1; words <= 64; words++)
        {
            Check(bits => new WordLanes(bits, 3), nameof(WordLanes), isShared: false, 64 * words - 4 - random.Next(60), random, adversarial: false);
            Check(bits => new WordLanes(bits, 3), nameof(WordLanes), isShared: false, 64 * words - 4, random, adversarial: true);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Numbers_of_any_bit_length_keep_their_value_in_a_lane(string kernel)
    {
        var random = new Random(4);
        for (int bits = 49; bits < 700; bits += 3)
        {
            using MontgomeryLanes lanes = KernelChoice.Create(Enum.Parse<Kernel>(kernel), bits, 2, 1, isShared: false);
            for (int lane = 0; lane < lanes.Lanes; lane++)
            {
                BigInteger value = Reference.Random(random, bits);
                Put(lanes, A, lane, value);
                Assert.Equal(value, Read(lanes, A, lane));
            }
        }
    }

    private static void Check(string kernel, int bits, Random random, int vectors, bool adversarial)
    {
        foreach (bool isShared in new[] { false, true })
            Check(b => KernelChoice.Create(Enum.Parse<Kernel>(kernel), b, vectors, 3, isShared), kernel, isShared, bits, random, adversarial);
    }

    private static void Check(Func<int, MontgomeryLanes> create, string kernel, bool isShared, int bits, Random random, bool adversarial)
    {
        using MontgomeryLanes lanes = create(bits);
        BigInteger r = BigInteger.One << (lanes.LimbBits * lanes.Limbs);
        var moduli = new BigInteger[lanes.Lanes];
        var a = new BigInteger[lanes.Lanes];
        var b = new BigInteger[lanes.Lanes];
        var exponents = new ulong[lanes.Lanes];
        for (int lane = 0; lane < lanes.Lanes; lane++)
        {
            moduli[lane] = isShared && lane > 0 ? moduli[0] : Modulus(random, bits, adversarial ? (isShared ? bits : lane) % 4 : 4);
            a[lane] = Operand(random, moduli[lane], r, lanes.LimbBits, adversarial ? random.Next(10) : 10);
            b[lane] = Operand(random, moduli[lane], r, lanes.LimbBits, adversarial ? random.Next(10) : 10);
            exponents[lane] = (ulong)random.NextInt64();
            SetModulus(lanes, lane, moduli[lane]);
            Put(lanes, A, lane, a[lane]);
            Put(lanes, B, lane, b[lane]);
        }
        lanes.Multiply(Result, A, B);
        Verify(lanes, moduli, r, lane => a[lane] * b[lane], $"{kernel} {bits} bits: multiply");
        lanes.Square(Result, A);
        Verify(lanes, moduli, r, lane => a[lane] * a[lane], $"{kernel} {bits} bits: square");
        lanes.SquareDouble(Result, A, exponents, 17);
        Verify(lanes, moduli, r, lane => a[lane] * a[lane] << (int)((exponents[lane] >> 17) & 1), $"{kernel} {bits} bits: double");
        lanes.Copy(Result, A);
        lanes.Multiply(Result, Result, B);
        Verify(lanes, moduli, r, lane => a[lane] * b[lane], $"{kernel} {bits} bits: multiply in place");
        lanes.Copy(Result, A);
        lanes.SquareDouble(Result, Result, exponents, 63);
        Verify(lanes, moduli, r, lane => a[lane] * a[lane] << (int)(exponents[lane] >> 63), $"{kernel} {bits} bits: square in place");
    }

    private static void Verify(MontgomeryLanes lanes, BigInteger[] moduli, BigInteger r, Func<int, BigInteger> expected, string what)
    {
        for (int lane = 0; lane < lanes.Lanes; lane++)
        {
            BigInteger result = Read(lanes, Result, lane);
            Assert.True(result < 4 * moduli[lane], $"{what}, lane {lane}: not below 4m");
            Assert.True((result * r - expected(lane)) % moduli[lane] == 0, $"{what}, lane {lane}: wrong");
        }
    }

    /// <summary>All ones, a lone top bit, limbs of ones between limbs of zeros, or random.</summary>
    private static BigInteger Modulus(Random random, int bits, int kind) => kind switch
    {
        0 => (BigInteger.One << bits) - 1,
        1 => (BigInteger.One << (bits - 1)) + 1,
        2 => (BigInteger.One << bits) - (BigInteger.One << (bits / 2)) + 1,
        _ => Reference.Random(random, bits) | (BigInteger.One << (bits - 1)) | 1,
    };

    private static BigInteger Operand(Random random, BigInteger m, BigInteger r, int limbBits, int kind) => kind switch
    {
        0 => 0,
        1 => 1,
        2 => m - 1,
        3 => 4 * m - 1,
        4 => (r - 1) % (4 * m),
        5 => m,
        6 => (BigInteger.One << (int)(m.GetBitLength() + 1)) - 1,
        7 => (BigInteger.One << (int)(m.GetBitLength() / limbBits * limbBits)) - 1,
        8 => 2 * m,
        9 => BigInteger.One << (int)(m.GetBitLength() / limbBits * limbBits),
        _ => Reference.Random(random, (int)m.GetBitLength() + 2) % (4 * m),
    };

    private static void SetModulus(MontgomeryLanes lanes, int lane, BigInteger modulus)
    {
        var words = new ulong[lanes.Limbs * lanes.LimbBits / 64 + 2];
        NaturalNumber.FromBigInteger(modulus, words);
        lanes.SetModulus(lane, words);
    }

    private static void Put(MontgomeryLanes lanes, int register, int lane, BigInteger value)
    {
        var words = new ulong[lanes.Limbs * lanes.LimbBits / 64 + 2];
        NaturalNumber.FromBigInteger(value, words);
        lanes.Set(register, lane, words);
    }

    private static BigInteger Read(MontgomeryLanes lanes, int register, int lane)
    {
        var words = new ulong[lanes.Limbs * lanes.LimbBits / 64 + 2];
        lanes.Get(register, lane, words);
        return NaturalNumber.ToBigInteger(words);
    }
}
