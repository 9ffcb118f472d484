namespace PrimeSystem.Cli;

/// <summary>Formats numbers, times and rates. The process runs with the invariant culture.</summary>
internal static class Words
{
    /// <summary>1 prime, 10 primes.</summary>
    public static string Primes(long count) => count == 1 ? "1 prime" : $"{count} primes";

    /// <summary>4 of 10 primes.</summary>
    public static string PrimesOf(long found, long quantity) => $"{found} of {Primes(quantity)}";

    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 9.95 => $"{time.TotalSeconds:0.0} s",
        < 99.5 => $"{time.TotalSeconds:0} s",
        < 3_600 => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        < 86_400 => $"{(int)time.TotalHours} h {time.Minutes} min",
        < 365 * 86_400.0 => $"{time.TotalDays:0.#} days",
        _ => "more than a year",
    };

    /// <summary>2.1/s; below one per second, the time for one.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 100 => $"{perSecond:#,0}/s",
        >= 1 => $"{perSecond:0.0}/s",
        _ => $"{Duration(Seconds(1 / perSecond))} each",
    };

    /// <summary>A time of any number of seconds, capped at <see cref="TimeSpan.MaxValue"/>.</summary>
    public static TimeSpan Seconds(double seconds) => seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
}
