using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>
/// <c>system</c>: the whole system over HTTP, as separate processes on a private PostgreSQL and RabbitMQ; one table, each figure beside its limit from
/// the same run.
/// </summary>
internal static class SystemCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        SystemOptions options = SystemOptions.Parse(arguments);
        await using Servers servers = await Servers.StartAsync();
        var figures = new List<Figure>();
        if (!options.Json)
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, {options.Workers} workers, medians of {options.Turns} turns{(options.Quick ? ", quick: rough figures" : "")}");
            Console.WriteLine();
            Console.WriteLine("| section | what | figure | limit | ratio | target | note |");
            Console.WriteLine("|---|---|---:|---:|---:|---|---|");
        }
        foreach (string section in options.Sections)
        {
            IReadOnlyList<Figure> measured = await (section switch
            {
                "throughput" => ThroughputSection.RunAsync(options, servers),
                "latency" => LatencySection.RunAsync(options, servers),
                "load" => LoadSection.RunAsync(options, servers),
                "result" => ResultSection.RunAsync(options, servers),
                "standalone" => StandaloneSection.RunAsync(options),
                "scale" => ScaleSection.RunAsync(options, servers),
                "backlog" => BacklogSection.RunAsync(options, servers),
                "table" => TableSection.RunAsync(options, servers),
                _ => ProcessSection.RunAsync(options, servers),
            });
            figures.AddRange(measured);
            if (!options.Json)
                Print(measured);
        }
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(new { system = figures }, Json));
        return 0;
    }

    private static void Print(IEnumerable<Figure> figures)
    {
        foreach (Figure figure in figures)
        {
            string limit = figure.Limit is { } value ? $"{Show(value)} ({figure.LimitName})" : "";
            string ratio = figure.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
            Console.WriteLine($"| {figure.Section} | {figure.Name} | {Show(figure.Value)} {figure.Unit} | {limit} | {ratio} | {figure.Target} | {figure.Note} |");
        }
    }

    private static string Show(double value) => value.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
