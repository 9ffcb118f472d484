using System.Collections.Concurrent;
using System.Security.Cryptography;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>Packages of npm that only tests use: installed once, as their lock file has them, into the user's cache and not into the repository.</summary>
internal static class NpmPackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Folders = new();

    /// <summary>Installs the packages of a folder beside this file. Without npm the test that asks is skipped.</summary>
    /// <returns>Where they are, with all that the folder holds.</returns>
    public static Task<string> InstallAsync(string name)
    {
        Assert.SkipUnless(Installed.Has("npm"), "npm is not installed here.");
        return Folders.GetOrAdd(name, _ => new(() => InstallAsync(name, Repository.PathOf("PrimeSystem.Tests", "Deployment", name)))).Value;
    }

    private static async Task<string> InstallAsync(string name, string source)
    {
        string[] files = [.. Directory.GetFiles(source).Order()];
        byte[] content = [.. files.SelectMany(File.ReadAllBytes)];
        string caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        string target = Path.Combine(caches, "prime-system-tests", $"{name}-{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}");
        if (Directory.Exists(target))
            return target;

        string fresh = $"{target}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(fresh);
        try
        {
            foreach (string file in files)
                File.Copy(file, Path.Combine(fresh, Path.GetFileName(file)));
            await ChildProcess.RunAsync("npm", ["ci", "--prefix", fresh, "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]);
            Directory.Move(fresh, target);
        }
        finally
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
        }
        return target;
    }
}
