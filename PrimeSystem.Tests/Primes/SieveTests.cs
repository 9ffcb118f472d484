using System.Numerics;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Search;

namespace PrimeSystem.Tests.Primes;

public class SieveTests
{
    [Theory]
    [InlineData(70, 100), InlineData(200, 6_000), InlineData(1_030, 80_000), InlineData(4_100, 1_000_000), InlineData(80, 1 << 22)]
    public void Marks_exactly_the_numbers_with_a_prime_factor_below_the_bound(int bits, int bound)
    {
        var random = new Random(bits);
        int words = NaturalNumber.WordCount(bits);
        var sieve = new Sieve(bound, words);
        BigInteger product = BigInteger.One;
        foreach (int p in SmallPrimes.Below(Math.Min(bound, 20_000)))
            product *= p;
        for (int run = 0; run < 4; run++)
        {
            BigInteger start = Reference.Random(random, bits) | (BigInteger.One << (bits - 1)) | 1;
            if (run == 0)
                start = product % (BigInteger.One << (bits - 1)) | (BigInteger.One << (bits - 1)) | 1;
            var startWords = new ulong[words];
            NaturalNumber.FromBigInteger(start, startWords);
            var composites = new ulong[4];
            sieve.Mark(startWords, composites);
            for (int i = 0; i < 256; i++)
                Assert.Equal(HasFactor(start + 2 * i, bound), ((composites[i / 64] >> (i % 64)) & 1) != 0);
        }
    }

    [Fact]
    public void Masks_of_a_small_window_mark_exactly_the_multiples_of_their_primes()
    {
        var random = new Random(5);
        for (int run = 0; run < 300; run++)
        {
            UInt128 start = new UInt128((ulong)random.NextInt64() >> random.Next(64), (ulong)random.NextInt64()) | 1;
            ulong composites = OffsetMasks.Composites(start);
            for (int i = 0; i < 64; i++)
            {
                bool expected = OffsetMasks.Primes.ToArray().Any(p => (start + (ulong)(2 * i)) % p == 0);
                Assert.Equal(expected, ((composites >> i) & 1) != 0);
            }
        }
    }

    [Fact]
    public void Candidates_ascend_stay_below_the_end_of_the_range_and_skip_no_prime()
    {
        SearchRange range = SearchRange.OfDigits(26);
        using var randomSource = new RandomSource();
        var window = new CandidateWindow(range, new Sieve(range.SieveBound, range.Low.Length));
        window.Restart(randomSource);
        var words = new ulong[range.Low.Length];
        Assert.True(window.TryNext(words));
        BigInteger previous = NaturalNumber.ToBigInteger(words);
        for (int i = 0; i < 200; i++)
        {
            Assert.True(window.TryNext(words));
            BigInteger next = NaturalNumber.ToBigInteger(words);
            Assert.True(next > previous);
            for (BigInteger skipped = previous + 2; skipped < next; skipped += 2)
                Assert.False(Reference.IsPrime(skipped));
            previous = next;
        }
    }

    [Fact]
    public void Small_primes_are_those_of_a_trial_division()
    {
        int[] expected = [.. Enumerable.Range(3, 29_998).Where(n => Reference.IsPrime(n) && n % 2 == 1)];
        Assert.Equal(expected, SmallPrimes.Below(30_001).ToArray());
    }

    private static bool HasFactor(BigInteger n, int bound)
    {
        foreach (int p in SmallPrimes.Below(bound))
            if (n % p == 0)
                return true;
        return false;
    }
}
