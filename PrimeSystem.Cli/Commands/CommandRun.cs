using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PrimeSystem.Cli.Output;

namespace PrimeSystem.Cli.Commands;

/// <summary>Runs a command line. An error becomes one line on the standard error and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Selects a kernel of the engine, which rejects one that this processor does not support.</summary>
    private const string KernelVariable = "PRIMES_KERNEL";

    public static async Task<int> RunAsync(string[] arguments, Screen screen, Interruption interruption)
    {
        // An argument that starts with @ is not the name of a file with arguments.
        ParseResult parsed = new PrimesCommand(screen, interruption).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw CommandFailure.Usage(parsed.Errors[0].Message);
            if (parsed.CommandResult.Command is not RootCommand && parsed.RootCommandResult.Children.OfType<ArgumentResult>().Any(result => result.Tokens.Count > 0))
                throw CommandFailure.Usage($"{parsed.CommandResult.Command.Name} takes no QUANTITY.");
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CommandFailure failure)
        {
            screen.Say($"primes: {failure.Message}{(failure.ExitCode == ExitCode.Usage ? " See primes --help." : "")}");
            return failure.ExitCode;
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or PlatformNotSupportedException && Environment.GetEnvironmentVariable(KernelVariable) is not null)
        {
            screen.Say($"primes: {exception.Message}");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (interruption.ExitCode != 0)
        {
            return interruption.ExitCode;
        }
        catch (IOException exception) when (StandardOutput.IsReaderGone(exception))
        {
            return ExitCode.ReaderGone;
        }
        catch (IOException exception)
        {
            screen.Say($"primes: The output cannot be written: {exception.Message}");
            return ExitCode.Failure;
        }
    }
}
