namespace PrimeSystem.Tests.Infrastructure;

/// <summary>The Api or a Worker as the separate process that is deployed.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ServiceProcess(ChildProcess process, int port)
    {
        _process = process;
        // The Apis of other tests, which record nothing, run in this process; their "not recorded" would travel along with calls to this service.
        var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        Client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    /// <summary>Starts the Api, on a free port unless one is given, and waits until it answers.</summary>
    public static Task<ServiceProcess> StartApiAsync(IReadOnlyDictionary<string, string?> settings, int? port = null) =>
        StartAsync("Api", settings, port ?? FreePort.Next());

    /// <summary>Starts a Worker and waits until it answers.</summary>
    public static Task<ServiceProcess> StartWorkerAsync(IReadOnlyDictionary<string, string?> settings) =>
        StartAsync("Worker", settings, FreePort.Next());

    /// <summary>Runs the Api with arguments to its end and returns its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output)> RunApiAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> settings)
    {
        await using ChildProcess process = ChildProcess.Start("dotnet", [ServiceProgram.PathOf("Api"), .. arguments], settings);
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

    private static async Task<ServiceProcess> StartAsync(string service, IReadOnlyDictionary<string, string?> settings, int port)
    {
        var process = ChildProcess.Start("dotnet", [ServiceProgram.PathOf(service), "--urls", $"http://127.0.0.1:{port}"], settings);
        var started = new ServiceProcess(process, port);
        try
        {
            await Eventually.TrueAsync(started.IsAliveAsync, TimeSpan.FromSeconds(60), $"the {service} is alive");
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
            using HttpResponseMessage response = await Client.GetAsync("/alive", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
