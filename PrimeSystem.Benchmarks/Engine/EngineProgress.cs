using System.Diagnostics;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>
/// Says on the error stream what the engine's benchmark measures and how long the rest will take. The estimate is a lower one: a measurement ends with
/// the prime that was begun, which for large primes takes longer than the time set.
/// </summary>
internal sealed class EngineProgress
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly int _perSize, _measurements;
    private readonly double _seconds;
    private TimeSpan _sizeBegin;
    private int _done;

    /// <param name="sizes">How many sizes are measured.</param>
    /// <param name="rounds">Rounds for each size.</param>
    /// <param name="peers">Peers in each round, ours among them.</param>
    /// <param name="seconds">Seconds for each measurement.</param>
    public EngineProgress(int sizes, int rounds, int peers, double seconds)
    {
        (_perSize, _measurements, _seconds) = (rounds * peers, sizes * rounds * peers, seconds);
        Console.Error.WriteLine($"{sizes} sizes × {rounds} rounds × {peers} peers × {seconds} s: at least {Text(TimeSpan.FromSeconds(_measurements * seconds))}");
    }

    /// <summary>Says what is measured next.</summary>
    /// <param name="digits">The size.</param>
    /// <param name="round">The round, from 1.</param>
    /// <param name="peer">The peer's name.</param>
    public void Begin(int digits, int round, string peer)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(_begin);
        int doneOfSize = _done % _perSize;
        if (doneOfSize == 0)
            _sizeBegin = now;
        double mean = doneOfSize == 0 ? _seconds : Math.Max(_seconds, (now - _sizeBegin).TotalSeconds / doneOfSize);
        double left = (_perSize - doneOfSize) * mean + (_measurements - _done - (_perSize - doneOfSize)) * _seconds;
        string line = $"{digits} digits, round {round}: {peer} ({Text(now)} gone, at least {Text(TimeSpan.FromSeconds(left))} left)";
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{line,-100}");
        else if (doneOfSize == 0)
            Console.Error.WriteLine(line);
        _done++;
    }

    /// <summary>Clears the line before a result is printed.</summary>
    public static void Clear()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{"",-100}\r");
    }

    private static string Text(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.TotalSeconds:0} s" : $"{(int)time.TotalMinutes} min {time.Seconds} s";
}
