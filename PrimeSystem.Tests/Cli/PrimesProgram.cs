using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Cli;

/// <summary>The command line as a process, with its standard output and error separated.</summary>
internal sealed class PrimesProgram : IAsyncDisposable
{
    private static readonly string Path = ServiceProgram.PathOf("primes");

    private readonly string _folder = Directory.CreateTempSubdirectory("primes-cli-").FullName;
    private readonly ChildProcess _process;

    private PrimesProgram(string script, string[] arguments, Dictionary<string, string?>? environment) => _process = ChildProcess.Start(
        "bash",
        ["-c", $"primes() {{ dotnet {Path} \"$@\"; }}; cd {_folder}; exec >output 2>errors; {script}", "primes", .. arguments],
        new Dictionary<string, string?>(environment ?? [])
        {
            // The environment of the tests must not set a server.
            ["PRIMES_SERVER"] = environment?.GetValueOrDefault("PRIMES_SERVER"),
            ["PRIMES_TOKEN"] = environment?.GetValueOrDefault("PRIMES_TOKEN"),
        });

    /// <summary>The standard output so far.</summary>
    public string Output => Read("output");

    public string Errors => Read("errors");

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The command that starts it, for other programs.</summary>
    public static string Command => $"dotnet {Path}";

    public static PrimesProgram Start(string[] arguments, Dictionary<string, string?>? environment = null) =>
        new($"exec dotnet {Path} \"$@\"", arguments, environment);

    /// <summary>Runs it to its end.</summary>
    public static Task<Outcome> RunAsync(params string[] arguments) => EndAsync(Start(arguments));

    /// <summary>Runs a shell script in which <c>primes</c> is the program.</summary>
    public static Task<Outcome> ShellAsync(string script) => EndAsync(new PrimesProgram(script, [], null));

    public async Task<Outcome> WaitAsync() => new(await _process.WaitForExitAsync(), Output, Errors);

    public async Task<Outcome> InterruptAsync() => new(await _process.InterruptAsync(), Output, Errors);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Outcome> EndAsync(PrimesProgram program)
    {
        await using (program)
            return await program.WaitAsync();
    }

    private string Read(string name)
    {
        string file = System.IO.Path.Combine(_folder, name);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
