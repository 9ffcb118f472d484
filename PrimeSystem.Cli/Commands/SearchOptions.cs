using System.CommandLine;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Commands;

/// <summary>The options for computing on this machine.</summary>
internal sealed class SearchOptions
{
    private const int MaxCores = 1_024;
    private const int MaxRounds = 1_000;

    private readonly Option<long?> _cores = new("--cores")
    {
        Description = "The number of threads; the default is one per core",
        HelpName = "N",
        CustomParser = Parsing.Whole("--cores", 1, MaxCores),
    };

    private readonly Option<long?> _rounds = new("--rounds")
    {
        Description = $"The Miller-Rabin rounds for numbers that have no exact test; the default is {Primality.DefaultRounds}",
        HelpName = "N",
        CustomParser = Parsing.Whole("--rounds", 1, MaxRounds),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_cores);
        command.Options.Add(_rounds);
    }

    /// <summary>The options that were given, by name.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        new Option[] { _cores, _rounds }.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    public int Cores(ParseResult parsed) => (int)(parsed.GetValue(_cores) ?? Environment.ProcessorCount);

    public int Rounds(ParseResult parsed) => (int)(parsed.GetValue(_rounds) ?? Primality.DefaultRounds);
}
