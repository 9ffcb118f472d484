using System.Globalization;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// The classes of digits in metrics. A series for every number of digits would make ten thousand of each instrument. Within a class the cost of a prime
/// varies by about a factor of ten.
/// </summary>
internal static class DigitClass
{
    private static readonly int[] Bounds = [24, 50, 100, 200, 500, 1_000, 2_000, 5_000];

    private static readonly string[] Names = [.. Bounds.Select(NameUpTo), $"over {Inv(Bounds[^1])}"];

    /// <summary>The class of a number of digits, such as <c>101 to 200</c>.</summary>
    public static string Of(int digits)
    {
        int index = Array.BinarySearch(Bounds, digits);
        return Names[index < 0 ? ~index : index];
    }

    private static string NameUpTo(int bound, int index) => index == 0 ? $"up to {Inv(bound)}" : $"{Inv(Bounds[index - 1] + 1)} to {Inv(bound)}";

    private static string Inv(int number) => number.ToString(CultureInfo.InvariantCulture);
}
