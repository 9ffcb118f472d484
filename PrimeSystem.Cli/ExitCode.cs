namespace PrimeSystem.Cli;

/// <summary>The exit codes of the program. Scripts rely on them; <c>primes --help</c> lists them.</summary>
internal static class ExitCode
{
    /// <summary>All primes were delivered; all numbers are prime.</summary>
    public const int Success = 0;

    /// <summary>A number is composite, a request failed or was cancelled, or the primes could not be written.</summary>
    public const int Failure = 1;

    /// <summary>An argument is malformed or out of limits.</summary>
    public const int Usage = 2;

    /// <summary>The server does not answer, or rejects the call.</summary>
    public const int Server = 3;

    /// <summary>The reader of the output has closed it; the code of a program that SIGPIPE ends.</summary>
    public const int ReaderGone = Signal + 13;

    /// <summary>The base of the codes for signals: shells add the signal's number.</summary>
    public const int Signal = 128;
}
