using System.Numerics;
using System.Runtime.Intrinsics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Avx512;

namespace PrimeSystem.Tests.Primes;

/// <summary>The AVX-512 kernels, bit for bit: results are not only congruent to the product, but the very numbers that Montgomery's reduction yields.</summary>
public class Avx512LanesTests
{
    private const int A = 0, B = 1, Result = 2;

    [Fact]
    public void Results_are_those_of_a_Montgomery_reduction_bit_for_bit()
    {
        Assert.SkipUnless(Avx512Lanes.IsSupported, "This processor has no AVX-512.");
        var random = new Random(8);
        foreach (int limbs in Enumerable.Range(2, 48).Append(100))
        {
            foreach (bool isShared in new[] { false, true })
            {
                int bits = limbs * Radix52.LimbBits - 4 - random.Next(2) * random.Next(40);
                using var lanes = new Avx512Lanes(bits, vectors: limbs <= Avx512ShortKernel.MaxLimbs ? 3 : 1, registers: 3, isShared);
                BigInteger r = BigInteger.One << (limbs * Radix52.LimbBits);
                var words = new ulong[lanes.Limbs + 1];
                BigInteger[] m = [.. Numbers(lanes.Lanes, () => Number(random, bits) | (BigInteger.One << (bits - 1)) | 1)];
                BigInteger[] a = [.. Numbers(lanes.Lanes, () => Number(random, bits + 2))], b = [.. Numbers(lanes.Lanes, () => Number(random, bits + 2))];
                ulong[] exponents = [.. Enumerable.Range(0, lanes.Lanes).Select(_ => (ulong)random.NextInt64())];
                for (int lane = 0; lane < lanes.Lanes; lane++)
                {
                    m[lane] = m[isShared ? 0 : lane];
                    a[lane] %= 4 * m[lane];
                    b[lane] %= 4 * m[lane];
                    lanes.SetModulus(lane, Words(m[lane]));
                    lanes.Set(A, lane, Words(a[lane]));
                    lanes.Set(B, lane, Words(b[lane]));
                }
                lanes.Multiply(Result, A, B);
                Verify(lane => Reduce(a[lane] * b[lane], m[lane]));
                lanes.Square(Result, A);
                Verify(lane => Reduce(a[lane] * a[lane], m[lane]));
                lanes.SquareDouble(Result, A, exponents, bit: 5);
                Verify(lane => Doubled(a[lane] * a[lane], (int)(exponents[lane] >> 5) & 1, m[lane]));

                BigInteger Reduce(BigInteger product, BigInteger modulus) =>
                    (product + (r - product % r) * Inverse(modulus, r) % r * modulus) / r;

                // Long numbers double the square before its reduction, short ones afterwards.
                BigInteger Doubled(BigInteger square, int doubling, BigInteger modulus) =>
                    limbs > Avx512ShortKernel.MaxLimbs ? Reduce(square << doubling, modulus) : Reduce(square, modulus) << doubling;

                void Verify(Func<int, BigInteger> expected)
                {
                    for (int lane = 0; lane < lanes.Lanes; lane++)
                    {
                        lanes.Get(Result, lane, words);
                        Assert.Equal(expected(lane), NaturalNumber.ToBigInteger(words));
                    }
                }

                ulong[] Words(BigInteger value)
                {
                    NaturalNumber.FromBigInteger(value, words);
                    return words;
                }
            }
        }
    }

    /// <summary>The carry is exact for every column within the bounds, with and without a rest below 2⁵².</summary>
    [Fact]
    public void The_carry_of_a_quotient_column_is_exact_to_the_bounds()
    {
        Assert.SkipUnless(Avx512Lanes.IsSupported, "This processor has no AVX-512.");
        const long largest = Radix52.MaxWeight * (1L << 57) + (1L << 58) + (1L << 12);
        var random = new Random(9);
        for (int i = 0; i < 20_000; i++)
        {
            ulong m0 = Pick(random, 1, Radix52.Mask) | 1, sum = Pick(random, 0, Radix52.Mask);
            long rest = random.Next(5) switch
            {
                0 => largest,
                1 => -largest,
                2 => random.NextInt64(-largest, largest) >> 52 << 52,
                3 => random.Next(-2, 3),
                _ => random.NextInt64(-largest, largest),
            };
            BigInteger column = ((BigInteger)sum << Radix52.UnitShift) + rest;
            Vector512<double> high = Vector512.Create(Radix52.Offset.AsUInt64()[0] + sum).AsDouble(), m = Vector512.Create((double)m0);
            Vector512<ulong> carry = Radix52.Quotient(
                Vector512.Create((ulong)(column & ulong.MaxValue)), high, Radix52.QuotientFactor(m), Radix52.QuotientOffset(m),
                Vector512.Create(NaturalNumber.NegativeInverse(m0) & Radix52.Mask), out Vector512<ulong> q, out Vector512<double> qd, out Vector512<ulong> late);
            BigInteger total = column + (BigInteger)q[0] * m0;
            Assert.True(q[0] <= Radix52.Mask);
            Assert.Equal(q[0], qd[0]);
            Assert.True((total & Radix52.Mask).IsZero);
            Assert.Equal((ulong)((total >> Radix52.LimbBits) & ulong.MaxValue), carry[0] + late[0]);
        }
    }

    private static IEnumerable<BigInteger> Numbers(int count, Func<BigInteger> number) => Enumerable.Range(0, count).Select(_ => number());

    /// <summary>Random, or limbs of nothing but ones and zeros.</summary>
    private static BigInteger Number(Random random, int bits)
    {
        if (random.Next(3) > 0)
            return Reference.Random(random, bits);
        BigInteger number = 0;
        for (int i = 0; i < bits; i += Radix52.LimbBits)
            number |= (BigInteger)(random.Next(2) * (long)Radix52.Mask) << i;
        return number & ((BigInteger.One << bits) - 1);
    }

    private static BigInteger Inverse(BigInteger m, BigInteger r)
    {
        BigInteger inverse = m;
        for (int bits = 3; bits < r.GetBitLength(); bits *= 2)
            inverse = inverse * (2 - m * inverse) % r;
        return (inverse + r) % r;
    }

    private static ulong Pick(Random random, ulong min, ulong max) => random.Next(4) switch
    {
        0 => min,
        1 => max,
        _ => (ulong)random.NextInt64((long)min, (long)max + 1),
    };
}
