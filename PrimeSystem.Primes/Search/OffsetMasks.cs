using System.Runtime.CompilerServices;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// The sieve of small candidates: for each of the first odd primes and each residue of the start, the 64-bit pattern of composites among the next 64
/// odd numbers. A window of candidates costs sixteen loads and ORs, with no loop over multiples.
/// </summary>
internal static class OffsetMasks
{
    /// <summary>The sixteen odd primes from 3 to 59.</summary>
    public static ReadOnlySpan<byte> Primes => [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59];

    /// <summary>Every candidate above this is composite when a mask marks it.</summary>
    public const int LargestPrime = 59;

    private static readonly int[] Begins = new int[Primes.Length];
    private static readonly ulong[] Masks = Build();

    /// <summary>Bit i is set when start + 2i has a prime factor up to 59.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Composites(UInt128 start)
    {
        // 2¹²⁸ = 2⁶⁴·2⁶⁴: fold the words modulo 3·5·…·53 and the rest in two products that fit a word.
        const ulong first = 3UL * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29, second = 31UL * 37 * 41 * 43 * 47 * 53 * 59;
        ulong high = (ulong)(start >> 64), low = (ulong)start;
        ulong a = high == 0 ? low % first : (ulong)(start % first), b = high == 0 ? low % second : (ulong)(start % second);
        ulong composites = 0;
        for (int i = 0; i < 9; i++)
            composites |= Masks[Begins[i] + (int)(a % Primes[i])];
        for (int i = 9; i < Primes.Length; i++)
            composites |= Masks[Begins[i] + (int)(b % Primes[i])];
        return composites;
    }

    private static ulong[] Build()
    {
        var masks = new List<ulong>();
        for (int k = 0; k < Primes.Length; k++)
        {
            Begins[k] = masks.Count;
            int p = Primes[k];
            for (int residue = 0; residue < p; residue++)
            {
                ulong mask = 0;
                for (int i = 0; i < 64; i++)
                    if ((residue + 2 * i) % p == 0)
                        mask |= 1UL << i;
                masks.Add(mask);
            }
        }
        return [.. masks];
    }
}
