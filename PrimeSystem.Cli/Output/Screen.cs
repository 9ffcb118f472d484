namespace PrimeSystem.Cli.Output;

/// <summary>
/// The standard error: lines for the user and, on a terminal, one line at the bottom that changes. When primes go to the same terminal they are written
/// above that line.
/// </summary>
internal sealed class Screen
{
    private const string EraseToEnd = "\e[K";
    private const int UsualWidth = 80;

    private readonly object _gate = new();
    private bool _isShown;

    /// <summary>Whether a line can change in place.</summary>
    public bool IsTerminal { get; } = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line) => Above(() => Console.Error.WriteLine(line));

    /// <summary>Shows the line that changes; nothing without a terminal.</summary>
    public void Show(string line)
    {
        if (!IsTerminal)
            return;
        // A terminal that nobody looks at may have no size.
        int width = (Console.WindowWidth is > 1 and int columns ? columns : UsualWidth) - 1;
        lock (_gate)
        {
            Console.Error.Write($"\r{(line.Length > width ? line[..width] : line)}{EraseToEnd}");
            _isShown = true;
        }
    }

    /// <summary>Takes the changing line away.</summary>
    public void Erase() => Above(() => { });

    /// <summary>Writes something to the terminal where the changing line was; the next <see cref="Show"/> puts it below.</summary>
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
