using System.Numerics;
using System.Runtime.CompilerServices;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;
using PrimeSystem.Primes.Search;
using PrimeSystem.Primes.Testing;

namespace PrimeSystem.Tests.Primes;

public class AllocationAndSecrecyTests
{
    [Theory, InlineData(26), InlineData(77), InlineData(155), InlineData(400)]
    public void Screening_and_confirming_candidates_allocates_nothing(int digits)
    {
        SearchRange range = SearchRange.OfDigits(digits);
        using var random = new RandomSource();
        using var screen = new BaseTwoScreen(range.Bits);
        using var confirmation = new MillerRabin(range.Bits, random);
        var window = new CandidateWindow(range, new Sieve(range.SieveBound, range.Low.Length));
        Work(groups: 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work(groups: 12);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Work(int groups)
        {
            for (int group = 0; group < groups; group++)
            {
                window.Restart(random);
                for (int lane = 0; lane < screen.Lanes; lane++)
                    while (!window.TryNext(screen.Candidate(lane)))
                        window.Restart(random);
                screen.Run(CancellationToken.None);
                confirmation.Test(screen.Candidate(0), 8, CancellationToken.None);
            }
        }
    }

    [Fact]
    public void Random_words_are_wiped_as_they_are_handed_out_and_the_rest_at_the_end()
    {
        var random = new RandomSource(64);
        ulong[] buffer = Buffer(random);
        Assert.NotEqual(0UL, random.NextWord() | random.NextWord());
        random.NextVector();
        Assert.All(buffer[..10], word => Assert.Equal(0UL, word));
        Assert.Contains(buffer[10..], word => word != 0);
        random.Dispose();
        Assert.All(buffer, word => Assert.Equal(0UL, word));
    }

    [Fact]
    public void A_screen_wipes_its_candidates_when_it_is_released()
    {
        var screen = new BaseTwoScreen(100);
        ulong[][] candidates = Candidates(screen);
        for (int lane = 0; lane < screen.Lanes; lane++)
            screen.Candidate(lane)[0] = 101;
        screen.Dispose();
        Assert.All(candidates, candidate => Assert.All(candidate, word => Assert.Equal(0UL, word)));
    }

    [Fact]
    public void Random_numbers_below_a_limit_are_uniform()
    {
        using var random = new RandomSource();
        ulong[] limit = [0, 5], number = new ulong[2];
        var seen = new int[5];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBelow(limit, NaturalNumber.BitLength(limit), number);
            seen[number[1]]++;
        }
        Assert.All(seen, count => Assert.InRange(count, 1_750, 2_250));
    }

    [Fact]
    public void Random_bases_lie_below_the_modulus_and_differ()
    {
        using var random = new RandomSource();
        foreach (Kernel kernel in KernelChoice.Supported)
        {
            using MontgomeryLanes lanes = KernelChoice.Create(kernel, 130, 5, 1, isShared: true);
            var words = new ulong[NaturalNumber.WordCount(130)];
            BigInteger modulus = (BigInteger.One << 129) + 27;
            NaturalNumber.FromBigInteger(modulus, words);
            lanes.SetAllModuli(words);
            var seen = new HashSet<BigInteger>();
            for (int run = 0; run < 20; run++)
            {
                lanes.Randomize(0, words, random);
                for (int lane = 0; lane < lanes.Lanes; lane++)
                {
                    var number = new ulong[words.Length];
                    lanes.Get(0, lane, number);
                    BigInteger value = NaturalNumber.ToBigInteger(number);
                    Assert.True(value > 0 && value < modulus);
                    Assert.True(seen.Add(value));
                }
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_buffer")]
    private static extern ref ulong[] Buffer(RandomSource random);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_candidates")]
    private static extern ref ulong[][] Candidates(BaseTwoScreen screen);
}
