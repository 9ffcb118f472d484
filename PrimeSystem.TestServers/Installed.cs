namespace PrimeSystem.TestServers;

/// <summary>The programs that this machine has.</summary>
public static class Installed
{
    /// <summary>Whether a program exists at its path or, given a name alone, in a folder of the search path.</summary>
    public static bool Has(string program) => Path.IsPathRooted(program)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
