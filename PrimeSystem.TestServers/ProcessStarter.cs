using System.Collections.Concurrent;
using System.Diagnostics;

namespace PrimeSystem.TestServers;

/// <summary>
/// Starts processes that die with the tests, even when those are killed. Linux sends the signal when the <em>thread</em> that forked ends, and threads of
/// the pool end when they like; so one thread, which lasts as long as the tests, forks them all.
/// </summary>
public static class ProcessStarter
{
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> Waiting = [];

    static ProcessStarter() => new Thread(StartAll) { IsBackground = true, Name = nameof(ProcessStarter) }.Start();

    public static void Start(Process process)
    {
        var started = new TaskCompletionSource();
        Waiting.Add((process, started));
        started.Task.GetAwaiter().GetResult();
    }

    private static void StartAll()
    {
        foreach ((Process process, TaskCompletionSource started) in Waiting.GetConsumingEnumerable())
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        }
    }
}
