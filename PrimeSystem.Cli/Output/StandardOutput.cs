using Microsoft.Win32.SafeHandles;

namespace PrimeSystem.Cli.Output;

/// <summary>The standard output as a stream that throws when its reader has closed it. The console's own stream discards what is written from then on.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;
    private const int BrokenPipe = 32;

    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        try
        {
            var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // The offset of a file is shared with the shell and the programs it starts next, but a FileStream keeps its own.
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Console.OpenStandardOutput();
        }
    }

    /// <summary>Whether an exception means that the reader has closed the output.</summary>
    public static bool IsReaderGone(IOException exception) => !OperatingSystem.IsWindows() && exception.HResult == BrokenPipe;
}
