using System.CommandLine;
using PrimeSystem.Cli.Output;

namespace PrimeSystem.Cli.Commands;

/// <summary>The options for the format and the destination of primes.</summary>
internal sealed class OutputOptions
{
    private readonly Option<OutputFormat> _format = new("--format", "-f")
    {
        Description = "The output format: one prime per line (txt, the default), or a format of the API",
        HelpName = "txt|json|ndjson|csv",
        CustomParser = Parsing.OneOf<OutputFormat>("--format"),
    };

    private readonly Option<string?> _file = new("--output", "-o") { Description = "Write the primes to this file instead of the standard output", HelpName = "FILE" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Write no progress to the standard error" };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_file);
        command.Options.Add(_quiet);
    }

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Flushes the output; above the progress, when both go to the terminal.</summary>
    public Action<Action> Flush(ParseResult parsed, Screen screen) =>
        parsed.GetValue(_file) is null && !Console.IsOutputRedirected ? screen.Above : flush => flush();

    /// <summary>Opens the output.</summary>
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public Stream Open(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } file)
            return StandardOutput.Open();
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandFailure.Usage($"--output: {exception.Message}");
        }
    }
}
