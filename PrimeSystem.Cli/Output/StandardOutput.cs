using Microsoft.Win32.SafeHandles;

namespace PrimeSystem.Cli.Output;

/// <summary>The standard output, as a stream that tells when nobody reads it any more; the console's own discards what is written from then on.</summary>
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
            // A file's offset is shared with the shell and what it starts next, and a FileStream keeps its own.
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Console.OpenStandardOutput();
        }
    }

    /// <summary>Whether an exception says that the reader is gone.</summary>
    public static bool IsReaderGone(IOException exception) => !OperatingSystem.IsWindows() && exception.HResult == BrokenPipe;
}
