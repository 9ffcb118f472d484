using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>A folder on a disk of its own, of a few megabytes. Only root can mount one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts the disk, or skips the test with the reason why it cannot.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("primes-disk-").FullName;
        try
        {
            await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder]);
        }
        catch (InvalidOperationException e)
        {
            Directory.Delete(folder);
            Assert.Skip($"No small disk can be mounted here: {e.Message}");
        }
        return new SmallDisk(folder);
    }

    /// <summary>Makes room.</summary>
    public Task GrowAsync(int megabytes) => ChildProcess.RunAsync("mount", ["-o", $"remount,size={megabytes}m", Folder]);

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("umount", [Folder]);
        Directory.Delete(Folder);
    }
}
