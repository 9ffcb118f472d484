using System.Globalization;
using System.Numerics;
using PrimeSystem.Primes;

namespace PrimeSystem.Api.Verification;

/// <summary>Tests numbers on threads of its own, at most one per core, so that the thread pool stays free for other clients.</summary>
internal sealed class Verifier : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>Tests numbers one after another.</summary>
    /// <param name="numbers">Decimal strings that passed validation.</param>
    /// <param name="cancellationToken">Cancels the tests.</param>
    public async Task<IReadOnlyList<Verdict>> VerifyAsync(IReadOnlyList<string> numbers, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew<IReadOnlyList<Verdict>>(
                () => [.. numbers.Select(number => Verify(number, cancellationToken))],
                cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();

    private static Verdict Verify(string number, CancellationToken cancellationToken)
    {
        var n = BigInteger.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
        bool isPrime = Primality.IsProbablePrime(n, Primality.DefaultRounds, cancellationToken);
        bool exact = !isPrime || Primality.IsExact(n);
        return new Verdict(number, isPrime, exact, exact ? 0 : Primality.DefaultRounds);
    }
}
