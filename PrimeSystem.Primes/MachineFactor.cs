using PrimeSystem.Primes.Arithmetic;

namespace PrimeSystem.Primes;

/// <summary>
/// How much slower this machine is than the reference machine, by size: squarings are nearly all of the work from 25 digits on, and a kernel without
/// wide vectors loses more at some sizes than at others.
/// </summary>
internal static class MachineFactor
{
    /// <summary>Digits, bits, and nanoseconds per squaring and lane on the reference machine.</summary>
    private static readonly (int Digits, int Bits, double Nanoseconds)[] Reference = [(38, 127, 2.4), (155, 515, 21), (617, 2_050, 210)];

    private static readonly Lazy<double[]> Factors = new(() =>
        [.. Reference.Select(size => KernelChoice.NanosecondsPerSquaring(KernelChoice.For(size.Bits), size.Bits) / size.Nanoseconds)]);

    /// <summary>The factor of the nearest measured size; where no kernel of large numbers is used, that of the smallest.</summary>
    public static double Of(int digits)
    {
        int i = 0;
        while (i < Reference.Length - 1 && digits * (long)digits > (long)Reference[i].Digits * Reference[i + 1].Digits)
            i++;
        return Factors.Value[i];
    }
}
