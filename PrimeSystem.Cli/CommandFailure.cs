namespace PrimeSystem.Cli;

/// <summary>Ends the program with one line for the user and an exit code.</summary>
internal sealed class CommandFailure(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandFailure Usage(string message) => new(message, Cli.ExitCode.Usage);
}
