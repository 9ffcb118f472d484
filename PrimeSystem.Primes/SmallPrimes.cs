namespace PrimeSystem.Primes;

/// <summary>The odd primes below <see cref="Limit"/>, by the sieve of Eratosthenes, made once.</summary>
internal static class SmallPrimes
{
    public const int Limit = 200_000;

    public static readonly int[] Odd = Sieve();

    private static int[] Sieve()
    {
        var composite = new bool[Limit];
        var primes = new List<int>();
        for (int n = 3; n < Limit; n += 2)
        {
            if (composite[n])
                continue;
            primes.Add(n);
            for (long multiple = (long)n * n; multiple < Limit; multiple += 2 * n)
                composite[multiple] = true;
        }
        return [.. primes];
    }
}
