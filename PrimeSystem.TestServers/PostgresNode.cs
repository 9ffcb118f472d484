namespace PrimeSystem.TestServers;

/// <summary>A PostgreSQL process on a free port of the loopback, with its data in a temporary folder.</summary>
public sealed class PostgresNode : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-pg-").FullName;
    private ChildProcess? _process;

    /// <summary>Whether PostgreSQL is installed.</summary>
    public static bool IsInstalled => Installed.Has(Binaries + "initdb");

    public int Port { get; } = FreePort.Next();

    /// <summary>The connection string of the database that every server has.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=primes;Database=postgres";

    public int Id => _process!.Id;

    public bool HasExited => _process?.HasExited ?? true;

    public string Output => _process?.Output ?? "";

    /// <summary>The newest that is installed as Debian does it, else what the path has.</summary>
    private static string Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories)
            .Select(initdb => Path.GetDirectoryName(initdb) + "/")
            .MaxBy(folder => int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder[..^1])), out int version) ? version : 0) ?? ""
        : "";

    // PostgreSQL refuses to run as root. Changing the user resets the death signal, so it is set again.
    private static string[] Unprivileged => Environment.IsPrivilegedProcess
        ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "KILL"]
        : ["--pdeathsig", "KILL"];

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Creates the data.</summary>
    public async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.RunAsync("chown", ["postgres", _folder]);
        string[] create = [Binaries + "initdb", "--pgdata", Data, "--auth", "trust", "--username", "primes", "--encoding", "UTF8", "--no-sync"];
        await ChildProcess.RunAsync("setpriv", [.. Unprivileged, .. create]);
    }

    public void Start() => _process = ChildProcess.Start("setpriv",
    [
        .. Unprivileged, Binaries + "postgres", "-D", Data, "-p", $"{Port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300",
    ]);

    /// <summary>kill -9 of the server and all its processes.</summary>
    public async Task KillAsync() => await _process!.DisposeAsync();

    /// <summary>Stops the server as an operator does: it rolls back running transactions and closes connections.</summary>
    public Task StopAsync() => _process!.InterruptAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
