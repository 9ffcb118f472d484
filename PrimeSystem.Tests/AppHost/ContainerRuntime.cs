using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>What starts containers here, if anything.</summary>
internal static class ContainerRuntime
{
    /// <summary>Why no containers can be started; null where they can.</summary>
    public static async Task<string?> MissingAsync()
    {
        // The one that Aspire is told to use, or those that it looks for.
        string? chosen = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? Environment.GetEnvironmentVariable("DOTNET_ASPIRE_CONTAINER_RUNTIME");
        string[] runtimes = chosen is null ? ["docker", "podman"] : [chosen];
        foreach (string runtime in runtimes)
        {
            if (await AnswersAsync(runtime))
                return null;
        }
        return $"No container runtime answers here ({string.Join(", ", runtimes)}), and the whole application needs one.";
    }

    private static async Task<bool> AnswersAsync(string runtime)
    {
        if (!Installed.Has(runtime))
            return false;
        await using ChildProcess process = ChildProcess.Start(runtime, ["info"], new Dictionary<string, string?>());
        return await process.WaitForExitAsync() == 0;
    }
}
