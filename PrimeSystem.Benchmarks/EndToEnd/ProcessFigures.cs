using System.Globalization;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Memory and processor time of processes, as Linux counts them.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;

    /// <summary>Resident memory in MB, now and at its peak.</summary>
    public static (double Now, double Peak) Memory(int id)
    {
        double Of(string field) => double.Parse(
            File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;
        return (Of("VmRSS:"), Of("VmHWM:"));
    }

    /// <summary>Forgets the peak so far.</summary>
    public static void ForgetPeak(int id) => File.WriteAllText($"/proc/{id}/clear_refs", "5");

    /// <summary>Seconds of processor time of a process and all that it has started, those that ended and were waited for included.</summary>
    public static double ProcessorSeconds(int id)
    {
        double sum = 0;
        try
        {
            // The name may have blanks; the fields behind its bracket are counted from the third.
            string[] stat = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            sum = stat[11..15].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
            foreach (string task in Directory.GetDirectories($"/proc/{id}/task"))
            {
                foreach (string child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    sum += ProcessorSeconds(int.Parse(child, CultureInfo.InvariantCulture));
            }
        }
        catch (IOException)
        {
            // It ended meanwhile.
        }
        return sum;
    }
}
