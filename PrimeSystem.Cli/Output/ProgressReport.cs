namespace PrimeSystem.Cli.Output;

/// <summary>Shows the progress of a delivery: a bar on a terminal, elsewhere a line every ten seconds.</summary>
internal sealed class ProgressReport : IDisposable
{
    private const int BarWidth = 24;
    private const int MinBarWidth = 4;
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly Screen _screen;
    private readonly long _quantity;
    private readonly long _before;
    private readonly Lazy<double>? _estimate;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly Timer? _timer;
    private long _found;

    /// <summary>Starts the report.</summary>
    /// <param name="screen">Where it is shown.</param>
    /// <param name="quantity">The number of all primes.</param>
    /// <param name="before">The number of primes that were there before.</param>
    /// <param name="estimate">The estimated seconds per prime, used until the first prime is found.</param>
    /// <param name="isQuiet">Whether nothing is shown.</param>
    public ProgressReport(Screen screen, long quantity, long before = 0, Func<double>? estimate = null, bool isQuiet = false)
    {
        (_screen, _quantity, _before, _found) = (screen, quantity, before, before);
        _estimate = estimate is null ? null : new Lazy<double>(estimate);
        if (isQuiet)
            return;
        TimeSpan interval = screen.IsTerminal ? BarInterval : LineInterval;
        _timer = new Timer(_ => Show(), null, interval, interval);
    }

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_start);

    public void Advance() => Interlocked.Increment(ref _found);

    public void Dispose()
    {
        // Waits for a line that is being written, so that none follows the end.
        if (_timer is not null)
        {
            using var ended = new ManualResetEvent(false);
            if (_timer.Dispose(ended))
                ended.WaitOne();
        }
        _screen.Erase();
    }

    /// <summary>The text of the report: the count, the time, the rate and the time left.</summary>
    internal static string Text(long found, long quantity, long before, double? estimate, TimeSpan elapsed)
    {
        long foundHere = found - before;
        double? perPrime = foundHere > 0 ? elapsed.TotalSeconds / foundHere : estimate;
        string rate = foundHere > 0 ? $"  {Words.Rate(1 / perPrime!.Value)}" : "";
        string left = perPrime is { } seconds && found < quantity ? $"  about {Words.Duration(Words.Seconds(seconds * (quantity - found)))} left" : "";
        return $"{Words.PrimesOf(found, quantity)}  {Words.Duration(elapsed)}{rate}{left}";
    }

    /// <summary>The status line of a terminal: the bar takes what the text leaves, down to nothing; then the last parts of the text are left out.</summary>
    internal static string Line(double share, string text, int width)
    {
        string line = $"{Math.Floor(share * 100)} %  {text}";
        int bar = Math.Min(BarWidth, width - line.Length - "[] ".Length);
        if (bar >= MinBarWidth)
        {
            int full = (int)(share * bar);
            return $"[{new string('#', full)}{new string('.', bar - full)}] {line}";
        }
        while (line.Length > width && line.LastIndexOf("  ", StringComparison.Ordinal) is > 0 and int end)
            line = line[..end];
        return line;
    }

    private void Show()
    {
        long found = Interlocked.Read(ref _found);
        string text = Text(found, _quantity, _before, _estimate?.Value, Elapsed);
        if (!_screen.IsTerminal)
        {
            _screen.Say(text);
            return;
        }
        _screen.Show(Line((double)found / _quantity, text, Screen.Width));
    }
}
