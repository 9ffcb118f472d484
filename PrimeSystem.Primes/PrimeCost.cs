namespace PrimeSystem.Primes;

/// <summary>
/// The cost of a random prime of a given size. The reference cost is the same on every machine, so that all processes plan alike and limits mean the
/// same everywhere. The calibrated cost is that of this machine: use it for estimates that people read, never for planning.
/// </summary>
public static class PrimeCost
{
    /// <summary>
    /// Seconds per prime on one core of the reference machine (AMD Zen 4 with AVX-512), at 40 rounds: measured up to 2,466 digits, extrapolated
    /// beyond that by the growth of schoolbook multiplication (digits³ per test, times digits candidates).
    /// </summary>
    private static readonly (int Digits, double Seconds)[] Reference =
    [
        (1, 1.0 / 500_000), (12, 1.0 / 340_000), (20, 1.0 / 122_000), (38, 1.0 / 38_000), (77, 1.0 / 8_200), (155, 1.0 / 1_060), (309, 1.0 / 150),
        (617, 1.0 / 18), (1_234, 1.0 / 1.7), (2_466, 1.0 / 0.14), (5_000, 110), (10_000, 1_600),
    ];

    /// <summary>The reference cost of one prime, interpolated between the measured sizes on a log–log scale.</summary>
    /// <param name="digits">Decimal digits, 1 or more.</param>
    /// <returns>Seconds of one core per prime on the reference machine.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> is less than 1.</exception>
    public static double ReferenceSeconds(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        int i = 1;
        while (i < Reference.Length - 1 && Reference[i].Digits < digits)
            i++;
        (int d0, double s0) = Reference[i - 1];
        (int d1, double s1) = Reference[i];
        double slope = Math.Log(s1 / s0) / Math.Log((double)d1 / d0);
        return s0 * Math.Pow((double)digits / d0, slope);
    }

    /// <summary>
    /// The cost of one prime on this machine: the reference cost times the machine's factor. The first call measures the factor, which takes about ten
    /// milliseconds.
    /// </summary>
    /// <param name="digits">Decimal digits, 1 or more.</param>
    /// <returns>Seconds of one core per prime on this machine, within a factor of about two.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> is less than 1.</exception>
    public static double CalibratedSeconds(int digits) => ReferenceSeconds(digits) * MachineFactor.Of(digits);
}
