using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>The calling thread's processor time, so that other load does not distort a measurement. Falls back to the wall clock.</summary>
internal static partial class ProcessorTime
{
    private const int ThreadCpuClock = 3;

    public static double OfThread()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadCpuClock, out Timespec time) == 0)
            return time.Seconds + time.Nanoseconds * 1e-9;
        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
