namespace PrimeSystem.Tests.Infrastructure;

/// <summary>What programs this machine has.</summary>
internal static class Installed
{
    /// <summary>Whether a program is there: at its path, or by its name alone in a folder of the search path.</summary>
    public static bool Has(string program) => Path.IsPathRooted(program)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
