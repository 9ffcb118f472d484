namespace PrimeSystem.Primes.Search;

/// <summary>
/// The odd primes below a bound, from the sieve of Eratosthenes over the odd numbers. The table is computed once and grows with the bound.
/// </summary>
internal static class SmallPrimes
{
    /// <summary>The largest bound: residues are taken 32 bits at a time in doubles, and p/2 · 2³² must stay below 2⁵³ (see <see cref="Sieve"/>).</summary>
    public const int MaxBound = 1 << 22;

    private static readonly Lock Growing = new();
    private static int _bound;
    private static int[] _primes = [];

    /// <summary>The odd primes below <paramref name="bound"/>, ascending.</summary>
    public static ReadOnlySpan<int> Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bound, MaxBound);
        int[] primes;
        lock (Growing)
        {
            if (_bound < bound)
            {
                _primes = Find(bound);
                _bound = bound;
            }
            primes = _primes;
        }
        int end = Array.BinarySearch(primes, bound);
        return primes.AsSpan(0, end < 0 ? ~end : end);
    }

    private static int[] Find(int bound)
    {
        // composite[i] stands for 2i + 1.
        var composite = new bool[bound / 2];
        var primes = new List<int>();
        for (int i = 1; i < composite.Length; i++)
        {
            if (composite[i])
                continue;
            int p = 2 * i + 1;
            primes.Add(p);
            for (long multiple = (long)p * p / 2; multiple < composite.Length; multiple += p)
                composite[multiple] = true;
        }
        return [.. primes];
    }
}
