using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PrimeSystem.TestServers;

/// <summary>A process that its owner starts and ends, with what it printed. It does not outlive its owner, even when that is killed.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 5_000;
    private const int SigInt = 2;
    private const int SigTerm = 15;

    // Variables of the test run that must not reach a process: the profiler of the coverage, which would slow it down, and the settings of servers and services.
    private static readonly string[] KeptBack =
    [
        "CORECLR_", "CODE_COVERAGE_", "MicrosoftInstrumentationEngine_", "TESTINGPLATFORM_", "Authentication__", "RateLimits__", "Kestrel__",
        "ConnectionStrings__", "Data__", "Flow__", "Queue__", "Metrics__", "Logging__",
        "ASPNETCORE_", "DOTNET_ENVIRONMENT", "OTEL_", "URLS", "PG", "RABBITMQ_", "ERL_",
    ];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private bool _isDisposed;

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, args) => Keep(args.Data);
        _process.ErrorDataReceived += (_, args) => Keep(args.Data);
        ProcessStarter.Start(_process);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // Where the tests run in the background, SIGINT is ignored, and processes would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT", "setpriv", "--pdeathsig", "KILL", program, .. arguments]);
        foreach (string name in start.Environment.Keys.Where(name => KeptBack.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new ChildProcess(start);
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using ChildProcess child = Start(program, arguments, environment);
        int code = await child.WaitForExitAsync();
        return code == 0 ? child.Output : throw new InvalidOperationException($"{program} ended with {code}:\n{child.Output}");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks the process to stop, as a container runtime does, and returns its exit code.</summary>
    public Task<int> TerminateAsync() => SignalAsync(SigTerm);

    /// <summary>Interrupts the process, as Ctrl-C does, and returns its exit code.</summary>
    public Task<int> InterruptAsync() => SignalAsync(SigInt);

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(3));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // A test may end a process before its turn comes.
        if (_isDisposed)
            return;
        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
    }

    private Task<int> SignalAsync(int signal) => Signal(_process.Id, signal) == 0
        ? WaitForExitAsync()
        : throw new InvalidOperationException($"Process {_process.Id} could not be asked to stop.");

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (_output.Count > KeptLines)
            _output.TryDequeue(out _);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
