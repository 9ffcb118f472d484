using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace PrimeSystem.AppHost.Servers;

/// <summary>The container runtimes that Aspire can use: whether one of them is installed and its engine answers.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    /// <summary>The runtime that Aspire is told to use, or those that it looks for.</summary>
    public static string[] Candidates(IConfiguration configuration) =>
        (configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"]) is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];

    /// <summary>The first of some runtimes that answers; null if none does.</summary>
    public static async Task<string?> FindAsync(IEnumerable<string> candidates)
    {
        foreach (string runtime in candidates)
        {
            if (await AnswersAsync(runtime))
                return runtime;
        }
        return null;
    }

    private static async Task<bool> AnswersAsync(string runtime)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(runtime, ["ps", "--quiet"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return false;
        }
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(AnswersWithin);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }
}
