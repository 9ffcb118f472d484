using System.Numerics;
using PrimeSystem.Primes;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Tests.Primes;

public class PrimeGeneratorTests
{
    private readonly PrimeGenerator _generator = new();

    [Fact]
    public void Every_size_up_to_130_digits_yields_primes_of_exactly_that_size()
    {
        for (int digits = 1; digits <= 130; digits += digits < 40 ? 1 : 6)
        {
            BigInteger low = digits == 1 ? 1 : BigInteger.Pow(10, digits - 1), high = BigInteger.Pow(10, digits);
            BigInteger[] primes = [.. _generator.Generate(digits, 40)];
            Assert.Equal(40, primes.Length);
            Assert.All(primes, p => Assert.True(p >= low && p < high && Reference.IsPrime(p), $"{digits} digits: {p}"));
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7), InlineData(9), InlineData(70)]
    public void Any_count_is_met_exactly(int count)
    {
        foreach (int digits in new[] { 2, 9, 12, 18, 22, 38, 77, 155 })
            Assert.Equal(count, _generator.Generate(digits, count).Count(Reference.IsPrime));
    }

    [Fact]
    public void No_prime_asked_for_none_given() => Assert.Empty(_generator.Generate(40, 0));

    [Fact]
    public void Every_kernel_finds_primes()
    {
        foreach (Kernel kernel in KernelChoice.Supported)
        {
            KernelChoice.Force(kernel);
            try
            {
                foreach (int digits in new[] { 12, 16, 25, 40, 80, 160 })
                    Assert.All(_generator.Generate(digits, 5), p => Assert.True(Reference.IsPrime(p) && p.ToString().Length == digits));
            }
            finally
            {
                KernelChoice.Force(null);
            }
        }
    }

    [Fact]
    public void A_large_prime_is_found_with_all_lanes_in_one_window() =>
        Assert.All(_generator.Generate(700, 1), p => Assert.True(p.ToString().Length == 700 && Reference.IsStrongProbablePrime(p, 3)));

    [Theory, InlineData(4), InlineData(12), InlineData(20), InlineData(100)]
    public void Tested_candidates_are_counted_on_one_thread_and_on_several(int digits)
    {
        const int Count = 200;
        var generator = new PrimeGenerator();
        // One number in ln N is prime.
        double all = Count * digits * Math.Log(10);

        Assert.Equal(Count, generator.Generate(digits, Count).Count());
        long alone = generator.CandidatesTested;
        Assert.Equal(Count, generator.GenerateParallel(digits, Count, degreeOfParallelism: 2).Count());
        long together = generator.CandidatesTested - alone;
        Assert.Single(generator.Generate(digits, Count).Take(1));

        Assert.InRange(alone, Count, all);
        Assert.InRange(together, Count, all);
        Assert.InRange(generator.CandidatesTested - alone - together, 1, all);
    }

    [Fact]
    public void Large_primes_that_threads_share_are_counted_too()
    {
        var generator = new PrimeGenerator();
        Assert.Equal(4, generator.GenerateParallel(200, 4, degreeOfParallelism: 2).Count());
        Assert.InRange(generator.CandidatesTested, 4, 4 * 200 * Math.Log(10) * 4);
    }

    [Fact]
    public void Stop_ends_the_sequence_between_groups()
    {
        int asked = 0;
        Assert.True(_generator.Generate(300, 100_000, stop: () => ++asked > 20).Count() < 100_000);
        Assert.Equal(21, asked);
        Assert.Empty(_generator.Generate(12, 100, stop: () => true));
    }

    [Theory, InlineData(12), InlineData(20), InlineData(300), InlineData(10_000)]
    public async Task Cancellation_ends_the_search_even_inside_a_candidate(int digits)
    {
        using var cancellation = new CancellationTokenSource();
        Task searching = Task.Run(
            () => _generator.Generate(digits, int.MaxValue, cancellationToken: cancellation.Token).Count(),
            TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(searching.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => searching);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _generator.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _generator.Generate(10, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrimeGenerator(0));
    }

    [Fact]
    public void All_primes_of_two_digits_occur()
    {
        var seen = _generator.Generate(2, 5_000).ToHashSet();
        Assert.Equal(21, seen.Count);
    }

    /// <summary>χ² of the first digit: starts are uniform, so digit d has the share of primes that begin with it, nearly 1/9. p &lt; 10⁻⁶ beyond 45.</summary>
    [Theory, InlineData(12), InlineData(24), InlineData(40)]
    public void Leading_digits_are_uniform(int digits)
    {
        const int count = 9_000;
        var seen = new int[10];
        foreach (BigInteger p in _generator.Generate(digits, count))
            seen[p.ToString()[0] - '0']++;
        Assert.True(ChiSquare(seen.Skip(1), count / 9.0) < 45, string.Join(' ', seen));
    }

    /// <summary>χ² of the residues modulo 7 and 11, which are equally frequent (Dirichlet): 10 degrees of freedom at most.</summary>
    [Theory, InlineData(12), InlineData(24), InlineData(40)]
    public void Residues_modulo_small_primes_are_uniform(int digits)
    {
        const int count = 6_600;
        BigInteger[] primes = [.. _generator.Generate(digits, count)];
        foreach (int modulus in new[] { 7, 11 })
        {
            var seen = new int[modulus];
            foreach (BigInteger p in primes)
                seen[(int)(p % modulus)]++;
            Assert.Equal(0, seen[0]);
            Assert.True(ChiSquare(seen.Skip(1), count / (modulus - 1.0)) < 50, string.Join(' ', seen));
        }
    }

    /// <summary>
    /// A random start falls into a gap with probability proportional to its length, so the gap before the prime that is found is on average twice the
    /// mean gap ln N, its length being distributed nearly exponentially. Abandoning slow streams would shorten it.
    /// </summary>
    [Theory, InlineData(12, 1), InlineData(12, 3_000), InlineData(30, 1), InlineData(30, 1_500)]
    public void The_gap_before_a_prime_is_twice_the_mean_gap(int digits, int atOnce)
    {
        const int sample = 3_000;
        double sum = 0;
        for (int done = 0; done < sample; done += atOnce)
            foreach (BigInteger p in _generator.Generate(digits, atOnce))
                sum += (double)(p - PreviousPrime(p)) / BigInteger.Log(p);
        // Near 5·10¹¹ the gaps of all primes give 1.80 ± 1.22, since short numbers' gaps spread less than exponentially; the limit is 2 ± √2. Six standard
        // errors of 1.22/√3000 = 0.022 and √2/√3000 = 0.026.
        Assert.InRange(sum / sample, 1.66, 2.16);
    }

    [Fact]
    public void Primes_are_distinct_where_the_birthday_bound_says_so()
    {
        BigInteger[] primes = [.. _generator.Generate(40, 5_000)];
        Assert.Equal(primes.Length, primes.Distinct().Count());
    }

    private static BigInteger PreviousPrime(BigInteger p)
    {
        do
            p -= 2;
        while (!Primality.IsProbablePrime(p, 1));
        return p;
    }

    private static double ChiSquare(IEnumerable<int> seen, double expected) => seen.Sum(s => (s - expected) * (s - expected) / expected);
}
