using System.CommandLine;
using PrimeSystem.Cli.Output;

namespace PrimeSystem.Cli.Commands;

/// <summary>Options that say how and where primes are written.</summary>
internal sealed class OutputOptions
{
    private readonly Option<OutputFormat> _format = new("--format", "-f")
    {
        Description = "One prime a line, or as the service writes them",
        HelpName = "txt|json|ndjson|csv",
        CustomParser = Parsing.OneOf<OutputFormat>("--format"),
    };

    private readonly Option<string?> _file = new("--output", "-o") { Description = "Write the primes to this file, not to the standard output", HelpName = "FILE" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress on the standard error" };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_file);
        command.Options.Add(_quiet);
    }

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>How the output is flushed: above the progress, where both are on the terminal.</summary>
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
