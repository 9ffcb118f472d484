using System.Runtime.InteropServices;

namespace PrimeSystem.Cli;

/// <summary>
/// Ends the program on Ctrl-C and on SIGTERM. The first signal cancels, so that the program can say what was done; a second one, or two seconds without
/// an end, ends it hard.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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

    /// <summary>The exit code that tells of the signal; 0 while there was none.</summary>
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
        _ = EndAsync();
        _cancellation.Cancel();
    }));

    private async Task EndAsync()
    {
        await Task.Delay(Patience);
        Environment.Exit(ExitCode);
    }
}
