namespace PrimeSystem.Cli.Output;

/// <summary>
/// The standard error: lines that stay and, on a terminal, one status line below them that changes in place. Primes that go to the same terminal are
/// written above the status line.
/// </summary>
internal sealed class Screen
{
    private const string EraseToEnd = "\e[K";
    private const int DefaultWidth = 80;

    private readonly object _gate = new();
    private bool _isShown;

    /// <summary>Whether a status line can be shown.</summary>
    public bool IsTerminal { get; } = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");

    /// <summary>The longest status line. A pseudo-terminal may have no size.</summary>
    public static int Width => (Console.WindowWidth is > 1 and int columns ? columns : DefaultWidth) - 1;

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line) => Above(() => Console.Error.WriteLine(line));

    /// <summary>Shows the status line; nothing without a terminal.</summary>
    public void Show(string line)
    {
        if (!IsTerminal)
            return;
        int width = Width;
        lock (_gate)
        {
            Console.Error.Write($"\r{(line.Length > width ? line[..width] : line)}{EraseToEnd}");
            _isShown = true;
        }
    }

    /// <summary>Erases the status line.</summary>
    public void Erase() => Above(() => { });

    /// <summary>Writes to the terminal in place of the status line, which the next <see cref="Show"/> shows below.</summary>
    public void Above(Action write)
    {
        lock (_gate)
        {
            if (_isShown)
                Console.Error.Write($"\r{EraseToEnd}");
            _isShown = false;
            write();
        }
    }
}
