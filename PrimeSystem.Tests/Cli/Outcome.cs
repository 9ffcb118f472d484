namespace PrimeSystem.Tests.Cli;

/// <summary>The exit code and the output of a run of the command line.</summary>
internal sealed record Outcome(int Code, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
