using System.Globalization;

namespace PrimeSystem.Cli;

/// <summary>Numbers, times and rates as people say them.</summary>
internal static class Words
{
    public static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>1 prime, 10 primes.</summary>
    public static string Primes(long count) => count == 1 ? "1 prime" : Inv($"{count} primes");

    /// <summary>4 of 10 primes.</summary>
    public static string PrimesOf(long found, long quantity) => Inv($"{found} of {Primes(quantity)}");

    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 9.95 => Inv($"{time.TotalSeconds:0.0} s"),
        < 99.5 => Inv($"{time.TotalSeconds:0} s"),
        < 3_600 => Inv($"{(int)time.TotalMinutes} min {time.Seconds} s"),
        < 86_400 => Inv($"{(int)time.TotalHours} h {time.Minutes} min"),
        < 365 * 86_400.0 => Inv($"{time.TotalDays:0.#} days"),
        _ => "more than a year",
    };

    /// <summary>2.1/s; below one a second, the time for one.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 100 => Inv($"{perSecond:#,0}/s"),
        >= 1 => Inv($"{perSecond:0.0}/s"),
        _ => Inv($"{Duration(Seconds(1 / perSecond))} each"),
    };

    /// <summary>A time from seconds of any size.</summary>
    public static TimeSpan Seconds(double seconds) => seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
}
