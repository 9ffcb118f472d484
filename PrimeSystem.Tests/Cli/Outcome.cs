namespace PrimeSystem.Tests.Cli;

/// <summary>How a run of the command line ended, and what it wrote.</summary>
internal sealed record Outcome(int Code, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
