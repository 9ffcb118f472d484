using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Tests.Primes;

public class PrimalityTests
{
    /// <summary>Arnault (1995): a Carmichael number of 397 digits, a strong pseudoprime to all 62 prime bases below 307.</summary>
    private static readonly BigInteger ArnaultFactor = BigInteger.Parse(
        "29674495668685510550154174642905332730771991799853043350995075531276838753171770199594238596428121188033664754218345562493168782883");

    public static TheoryData<string> StrongPseudoprimes =>
    [
        // ψ₁ … ψ₁₃: the smallest strong pseudoprimes to the first k prime bases.
        "2047", "1373653", "25326001", "3215031751", "2152302898747", "3474749660383", "341550071728321", "3825123056546413051",
        "318665857834031151167461", "3317044064679887385961981",
        // Arnault (1993), 46 digits: strong to all prime bases to 29.
        "1195068768795265792518361315725116351898245581",
        // Carmichael numbers.
        "561", "1105", "1729", "294409", "56052361", "118901521", "172947529",
        // Strong Lucas pseudoprimes (Selfridge's parameters).
        "5459", "5777", "10877", "16109", "18971",
    ];

    public static TheoryData<int> MersenneExponents => [61, 89, 107, 127, 521, 607, 1_279];

    [Theory, MemberData(nameof(StrongPseudoprimes))]
    public void Rejects_pseudoprimes(string number)
    {
        BigInteger n = BigInteger.Parse(number);
        Assert.False(Primality.IsProbablePrime(n));
        Assert.False(Primality.IsBailliePswPrime(n));
    }

    [Fact]
    public void Rejects_the_397_digit_composite_of_Arnault()
    {
        BigInteger n = ArnaultFactor * (313 * (ArnaultFactor - 1) + 1) * (353 * (ArnaultFactor - 1) + 1);
        Assert.True(Reference.IsStrongProbablePrime(n, 2) && Reference.IsStrongProbablePrime(n, 293));
        Assert.False(Primality.IsProbablePrime(n));
        Assert.False(Primality.IsBailliePswPrime(n));
    }

    [Theory, MemberData(nameof(MersenneExponents))]
    public void Accepts_Mersenne_primes_and_rejects_their_neighbours(int exponent)
    {
        BigInteger n = (BigInteger.One << exponent) - 1;
        Assert.True(Primality.IsProbablePrime(n));
        Assert.True(Primality.IsBailliePswPrime(n));
        Assert.False(Primality.IsProbablePrime((BigInteger.One << exponent) - 9));
        Assert.False(Primality.IsProbablePrime(n * n));
        Assert.False(Primality.IsBailliePswPrime(n * n));
        Assert.False(Primality.IsProbablePrime(n * (2 * n - 1)));
    }

    [Fact]
    public void Rejects_Fermat_numbers_beyond_the_fourth_and_Mersenne_numbers_of_prime_exponent()
    {
        for (int k = 5; k <= 11; k++)
            Assert.False(Primality.IsProbablePrime((BigInteger.One << (1 << k)) + 1));
        foreach (int exponent in new[] { 67, 101, 103, 257, 1_009 })
            Assert.False(Primality.IsProbablePrime((BigInteger.One << exponent) - 1));
    }

    [Fact]
    public void Agrees_with_a_sieve_below_100000()
    {
        var isComposite = new bool[100_000];
        for (int n = 2; n < isComposite.Length; n++)
        {
            for (long multiple = (long)n * n; !isComposite[n] && multiple < isComposite.Length; multiple += n)
                isComposite[multiple] = true;
            Assert.Equal(!isComposite[n], Primality.IsPrime((ulong)n));
            Assert.Equal(!isComposite[n], Primality.IsProbablePrime(n));
            Assert.Equal(!isComposite[n], Primality.IsBailliePswPrime(n));
        }
    }

    [Fact]
    public void Agrees_with_the_reference_around_powers_of_two()
    {
        foreach (int exponent in new[] { 31, 32, 47, 48, 52, 63, 64, 65, 100, 104, 128, 200, 256, 260, 312, 512 })
        {
            for (int offset = -151; offset <= 151; offset += 2)
            {
                BigInteger n = (BigInteger.One << exponent) + offset;
                bool expected = Reference.IsPrime(n);
                Assert.Equal(expected, Primality.IsProbablePrime(n, 8));
                if (n <= ulong.MaxValue)
                    Assert.Equal(expected, Primality.IsPrime((ulong)n));
                if (exponent % 4 == 0)
                    Assert.Equal(expected, Primality.IsBailliePswPrime(n));
            }
        }
    }

    [Fact]
    public void Numbers_below_two_are_not_prime()
    {
        foreach (int n in new[] { -7, -2, -1, 0, 1 })
        {
            Assert.False(Primality.IsProbablePrime(n));
            Assert.False(Primality.IsBailliePswPrime(n));
        }
        Assert.False(Primality.IsPrime(0));
        Assert.False(Primality.IsPrime(1));
    }

    [Fact]
    public void The_largest_words_are_decided_exactly()
    {
        Assert.True(Primality.IsPrime(18_446_744_073_709_551_557));
        Assert.False(Primality.IsPrime(ulong.MaxValue));
        Assert.False(Primality.IsPrime(4_294_967_291UL * 4_294_967_279));
        Assert.True(Primality.IsExact(ulong.MaxValue));
        Assert.True(Primality.IsExact(BigInteger.Pow(10, 24)));
        Assert.True(Primality.IsExact(BigInteger.Parse("3317044064679887385961980")));
        Assert.False(Primality.IsExact(BigInteger.Parse("3317044064679887385961981")));
    }

    [Fact]
    public void Less_than_one_round_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Primality.IsProbablePrime(97, 0));

    [Fact]
    public async Task A_test_of_a_10000_digit_number_can_be_cancelled()
    {
        BigInteger n = (BigInteger.One << 33_219) + 1_000_003;
        while (Enumerable.Range(3, 997).Any(p => p % 2 == 1 && n % p == 0))
            n += 2;
        foreach (Func<CancellationToken, bool> test in new Func<CancellationToken, bool>[]
            { t => Primality.IsProbablePrime(n, 40, t), t => Primality.IsBailliePswPrime(n, t) })
        {
            using var cancellation = new CancellationTokenSource();
            Task<bool> running = Task.Run(() => test(cancellation.Token), TestContext.Current.CancellationToken);
            await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.False(running.IsCompleted);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
    }
}
