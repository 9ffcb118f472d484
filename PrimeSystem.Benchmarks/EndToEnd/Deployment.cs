using PrimeSystem.TestServers;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>An Api and workers as separate processes on an empty database, or a standalone Api.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly Servers? _servers;
    private readonly string? _folder;
    private readonly Dictionary<string, string?> _settings;
    private readonly List<Service> _workers = [];

    private Deployment(Servers? servers, string? database, string? broker, string? folder)
    {
        _servers = servers;
        _folder = folder;
        Database = database ?? "";
        _settings = folder is not null
            ? new() { ["Data__Folder"] = folder }
            : new()
            {
                ["ConnectionStrings__primes"] = database,
                ["ConnectionStrings__messaging"] = broker,
                ["Authentication__AllowAnonymous"] = "true",
                ["RateLimits__RequestsPerMinute"] = "0",
            };
        _settings["Logging__LogLevel__Default"] = "Warning";
        // As in the images.
        _settings["MALLOC_ARENA_MAX"] = "1";
    }

    public string Database { get; }

    public Service Api { get; private set; } = null!;

    public IReadOnlyList<Service> Workers => _workers;

    public static async Task<Deployment> StartAsync(Servers servers, int workers)
    {
        var deployment = new Deployment(servers, await servers.CreateDatabaseAsync(), await servers.CreateBrokerAsync(), folder: null);
        deployment.Api = await Service.StartAsync(ServiceProgram.PathOf(ServiceProcess.ApiProgram), [], deployment._settings);
        await deployment.AddWorkersAsync(workers);
        return deployment;
    }

    public static async Task<Deployment> StartStandaloneAsync()
    {
        var deployment = new Deployment(servers: null, database: null, broker: null, Directory.CreateTempSubdirectory("primes-bench-").FullName);
        deployment.Api = await Service.StartAsync(ServiceProgram.PathOf(ServiceProcess.ApiProgram), [], deployment._settings);
        return deployment;
    }

    /// <summary>Starts workers, one after another, so that each has the machine while it starts.</summary>
    public async Task AddWorkersAsync(int count)
    {
        for (int i = 0; i < count; i++)
            _workers.Add(await Service.StartAsync(ServiceProgram.PathOf(ServiceProcess.WorkerProgram), [], _settings));
    }

    /// <summary>Seconds of processor time that each part has used so far.</summary>
    public IReadOnlyList<(string Part, double Seconds)> ProcessorSeconds()
    {
        List<(string, double)> parts =
            [("api", ProcessFigures.ProcessorSeconds(Api.Id)), ("workers", _workers.Sum(worker => ProcessFigures.ProcessorSeconds(worker.Id)))];
        if (_servers is not null)
        {
            (double database, double broker) = _servers.ProcessorSeconds;
            parts.Add(("database", database));
            parts.Add(("broker", broker));
        }
        return parts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Service worker in _workers)
            await worker.DisposeAsync();
        await Api.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
