namespace PrimeSystem.Primes.Testing;

/// <summary>Trial division, for the smallest numbers.</summary>
internal static class TrialDivision
{
    public static bool IsPrime(ulong n)
    {
        if (n < 4 || (n & 1) == 0)
            return n is 2 or 3;
        for (ulong d = 3; d * d <= n; d += 2)
            if (n % d == 0)
                return false;
        return true;
    }
}
