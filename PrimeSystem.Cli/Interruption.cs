using System.Runtime.InteropServices;

namespace PrimeSystem.Cli;

/// <summary>
/// Ends the program on Ctrl-C and SIGTERM. The first signal cancels, so that the program can report what it has done. A second signal, or two seconds
/// without an end, terminates it.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan TerminateAfter = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    public Interruption()
    {
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGTERM, 15);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The exit code for the signal; 0 when there was none.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Register(PosixSignal signal, int number) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        bool isFirst = Interlocked.CompareExchange(ref _exitCode, Cli.ExitCode.Signal + number, 0) == 0;
        context.Cancel = isFirst;
        if (!isFirst)
            return;
        _ = TerminateAsync();
        _cancellation.Cancel();
    }));

    private async Task TerminateAsync()
    {
        await Task.Delay(TerminateAfter);
        Environment.Exit(ExitCode);
    }
}
