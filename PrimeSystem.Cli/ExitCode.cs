namespace PrimeSystem.Cli;

/// <summary>How the program ends. Scripts rely on these; <c>primes --help</c> lists them.</summary>
internal static class ExitCode
{
    /// <summary>All primes were delivered; all numbers are prime.</summary>
    public const int Success = 0;

    /// <summary>A number is composite, a request failed or was cancelled, or the primes could not be written.</summary>
    public const int Failure = 1;

    /// <summary>What was asked for is malformed or out of limits.</summary>
    public const int Usage = 2;

    /// <summary>The server does not answer, or refuses.</summary>
    public const int Server = 3;

    /// <summary>Nobody reads the output any more; what SIGPIPE ends programs with.</summary>
    public const int ReaderGone = Signal + 13;

    /// <summary>By a signal: this and its number, as shells count.</summary>
    public const int Signal = 128;
}
