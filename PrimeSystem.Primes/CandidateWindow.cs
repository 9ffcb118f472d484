using System.Numerics;

namespace PrimeSystem.Primes;

/// <summary>
/// The odd numbers from a random start upwards that no small prime divides: a segmented sieve of Eratosthenes over successive windows.
/// </summary>
internal static class CandidateWindow
{
    private const int OddsPerWindow = 1 << 14;

    /// <summary>Candidates in ascending order from a uniformly random start of <paramref name="digits"/> digits, without end.</summary>
    public static IEnumerable<BigInteger> AtRandomStart(int digits)
    {
        BigInteger low = digits == 1 ? 2 : BigInteger.Pow(10, digits - 1);
        BigInteger start = RandomInteger.Between(low, BigInteger.Pow(10, digits));
        if (start <= 2)
            yield return 2;
        start |= BigInteger.One;
        int bound = SieveBound(digits);
        var composite = new bool[OddsPerWindow];
        for (; ; start += 2 * OddsPerWindow)
        {
            Array.Clear(composite);
            foreach (int p in SmallPrimes.Odd)
            {
                if (p > bound || (BigInteger)p * p >= start)
                    break;
                int residue = (int)(start % p);
                // The first odd multiple of p at or above start is start + 2·offset.
                int offset = residue == 0 ? 0 : ((p - residue) % 2 == 0 ? (p - residue) / 2 : (2 * p - residue) / 2);
                for (; offset < OddsPerWindow; offset += p)
                    composite[offset] = true;
            }
            for (int i = 0; i < OddsPerWindow; i++)
                if (!composite[i])
                    yield return start + 2 * i;
        }
    }

    /// <summary>Where one more small prime costs more than the tests it saves, roughly.</summary>
    private static int SieveBound(int digits) => digits switch
    {
        < 30 => 100,
        < 100 => 2_000,
        < 400 => 20_000,
        _ => SmallPrimes.Limit,
    };
}
