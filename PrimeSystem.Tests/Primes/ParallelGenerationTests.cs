using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Tests.Primes;

public class ParallelGenerationTests
{
    private readonly PrimeGenerator _generator = new();

    [Theory, InlineData(12, 500), InlineData(22, 100), InlineData(40, 101), InlineData(200, 1), InlineData(200, 7), InlineData(250, 40)]
    public void Several_threads_yield_exactly_the_count_of_primes(int digits, int count)
    {
        foreach (int threads in new[] { 1, 2, 3 })
        {
            BigInteger[] primes = [.. _generator.GenerateParallel(digits, count, threads)];
            Assert.Equal(count, primes.Length);
            Assert.All(primes, p => Assert.True(p.ToString().Length == digits && Reference.IsPrime(p)));
        }
    }

    [Fact]
    public async Task Primes_come_asynchronously_with_progress()
    {
        var progress = new Recorder();
        int count = 0;
        await foreach (BigInteger prime in _generator.GenerateAsync(30, 50, 2, progress))
        {
            count++;
            Assert.True(Reference.IsPrime(prime));
        }
        Assert.Equal(50, count);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => new PrimeProgress(i, 50)), progress.Reports);
    }

    [Theory, InlineData(12), InlineData(300), InlineData(3_000)]
    public async Task Cancellation_ends_all_threads(int digits)
    {
        using var cancellation = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (BigInteger _ in _generator.GenerateAsync(digits, int.MaxValue, 2, null, cancellation.Token))
            {
            }
        });
    }

    [Fact]
    public void Leaving_the_loop_early_ends_the_search()
    {
        foreach (int digits in new[] { 12, 40, 300 })
            Assert.Single(_generator.GenerateParallel(digits, 1_000_000, 2).Take(1));
    }

    /// <summary>As for one thread: the prime of a shared window is its smallest, so the gap before it is twice the mean on average.</summary>
    [Fact]
    public void A_window_shared_by_threads_yields_its_smallest_prime()
    {
        const int sample = 150;
        double sum = 0;
        foreach (BigInteger p in _generator.GenerateParallel(181, sample, 3))
        {
            BigInteger previous = p - 2;
            while (!Primality.IsProbablePrime(previous, 1))
                previous -= 2;
            sum += (double)(p - previous) / BigInteger.Log(p);
        }
        // The standard error is √2/√150 = 0.12.
        Assert.InRange(sum / sample, 1.4, 2.6);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(8), InlineData(16), InlineData(17), InlineData(48), InlineData(49), InlineData(64), InlineData(81), InlineData(82), InlineData(128), InlineData(521)]
    public void Bits_are_met_exactly(int bits) =>
        Assert.All(_generator.GenerateBits(bits, 20), p => Assert.True(p.GetBitLength() == bits && Reference.IsPrime(p)));

    [Theory, InlineData(2), InlineData(40), InlineData(64), InlineData(521), InlineData(640)]
    public async Task Several_threads_meet_bits_exactly(int bits)
    {
        int count = 0;
        await foreach (BigInteger prime in _generator.GenerateBitsAsync(bits, 20, 2))
        {
            count++;
            Assert.True(prime.GetBitLength() == bits && Reference.IsPrime(prime));
        }
        Assert.Equal(20, count);
    }

    private sealed class Recorder : IProgress<PrimeProgress>
    {
        public List<PrimeProgress> Reports { get; } = [];

        public void Report(PrimeProgress value) => Reports.Add(value);
    }
}
