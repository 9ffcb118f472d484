namespace PrimeSystem.TestServers;

/// <summary>The Api or a worker as the separate process that is deployed.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>The assembly of the Api.</summary>
    public const string ApiProgram = "PrimeSystem.Api";

    /// <summary>The assembly of the worker.</summary>
    public const string WorkerProgram = "PrimeSystem.Worker";

    private readonly ChildProcess _process;

    private ServiceProcess(ChildProcess process, int port)
    {
        _process = process;
        // Other Apis run in the process of the tests and record nothing. Their "not recorded" must not travel along with calls to this service.
        var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        Client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    /// <summary>Starts the Api, on a free port unless one is given, and waits until it answers.</summary>
    public static Task<ServiceProcess> StartApiAsync(IReadOnlyDictionary<string, string?> settings, int? port = null) =>
        StartAsync(ApiProgram, settings, port ?? FreePort.Next());

    /// <summary>Starts a Worker and waits until it answers.</summary>
    public static Task<ServiceProcess> StartWorkerAsync(IReadOnlyDictionary<string, string?> settings) =>
        StartAsync(WorkerProgram, settings, FreePort.Next());

    /// <summary>Runs the Api with arguments to its end and returns its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output)> RunApiAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> settings)
    {
        await using ChildProcess process = ChildProcess.Start("dotnet", [ServiceProgram.PathOf(ApiProgram), .. arguments], settings);
        int code = await process.WaitForExitAsync();
        return (code, process.Output);
    }

    public Task KillAsync() => _process.KillAsync();

    public Task<int> TerminateAsync() => _process.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Client.Dispose();
    }

    private static async Task<ServiceProcess> StartAsync(string program, IReadOnlyDictionary<string, string?> settings, int port)
    {
        var process = ChildProcess.Start("dotnet", [ServiceProgram.PathOf(program), "--urls", $"http://127.0.0.1:{port}"], settings);
        var started = new ServiceProcess(process, port);
        try
        {
            await Poll.UntilAsync(started.IsAliveAsync, TimeSpan.FromSeconds(60), $"{program} is alive");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> IsAliveAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The process ended:\n{_process.Output}");
        try
        {
            using HttpResponseMessage response = await Client.GetAsync("/alive");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
