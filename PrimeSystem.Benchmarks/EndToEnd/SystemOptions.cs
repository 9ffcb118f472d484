using System.Globalization;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>What <c>system</c> is to measure, and at what length.</summary>
internal sealed record SystemOptions
{
    public static readonly IReadOnlyList<string> AllSections =
        ["throughput", "latency", "load", "result", "standalone", "scale", "backlog", "table", "processes"];

    public IReadOnlyList<string> Sections { get; private init; } = AllSections;

    /// <summary>A tenth of the work or less, to see whether all is well; its figures are rough.</summary>
    public bool Quick { get; private init; }

    public bool Json { get; private init; }

    public int Workers { get; private init; } = 2;

    /// <summary>Turns of each measurement with its limit; the table has their medians.</summary>
    public int Turns { get; private init; } = 3;

    /// <summary>Rows in the big table before it is measured.</summary>
    public int Rows { get; private init; } = 10_000_000;

    public static SystemOptions Parse(string[] arguments)
    {
        var options = new SystemOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            options = arguments[i] switch
            {
                "--sections" => options with { Sections = Value().Split(',') },
                "--quick" => options with { Quick = true, Turns = 1, Rows = 1_000_000 },
                "--json" => options with { Json = true },
                "--workers" => options with { Workers = Number() },
                "--turns" => options with { Turns = Number() },
                "--rows" => options with { Rows = Number() },
                _ => throw new ArgumentException($"Unknown option {arguments[i]}."),
            };
        }
        if (options.Sections.Except(AllSections).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no section {unknown}; there are {string.Join(", ", AllSections)}.");
        return options;
    }

    /// <summary>A quantity as it is, or a fraction of it for a quick run.</summary>
    public int Scale(int quantity, int divisor = 10) => Quick ? Math.Max(1, quantity / divisor) : quantity;
}
