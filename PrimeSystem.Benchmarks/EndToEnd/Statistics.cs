namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    public static double Median(this IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value that a share of all does not exceed.</summary>
    public static double Percentile(this IReadOnlyCollection<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
