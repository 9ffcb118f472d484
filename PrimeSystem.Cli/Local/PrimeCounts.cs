namespace PrimeSystem.Cli.Local;

/// <summary>The number of primes of each small size, the most that can be requested (OEIS A006879, A036378).</summary>
internal static class PrimeCounts
{
    private static readonly int[] OfDigits = [4, 21, 143, 1_061, 8_363, 68_906, 586_081, 5_096_876, 45_086_079];

    private static readonly int[] OfBits =
    [
        0, 2, 2, 2, 5, 7, 13, 23, 43, 75, 137, 255, 464, 872, 1_612, 3_030, 5_709, 10_749, 20_390, 38_635, 73_586, 140_336, 268_216, 513_708, 985_818,
        1_894_120, 3_645_744, 7_027_290, 13_561_907, 26_207_278, 50_697_537, 98_182_656,
    ];

    /// <summary>The number of primes of a size; null for a larger size.</summary>
    public static int? Of(PrimeSize size)
    {
        int[] counts = size.IsBits ? OfBits : OfDigits;
        return size.Length <= counts.Length ? counts[size.Length - 1] : null;
    }
}
