using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.TestServers;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>The Api, a Worker or the bare endpoint as a process, from its start on.</summary>
internal sealed class Service : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;

    private Service(ChildProcess process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
        Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromMinutes(10),
        };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    /// <summary>From the start of the process until it said that it is healthy.</summary>
    public TimeSpan HealthyAfter { get; private set; }

    /// <summary>Starts a program and waits until it is healthy.</summary>
    public static async Task<Service> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> settings)
    {
        int port = FreePort.Next();
        long start = Stopwatch.GetTimestamp();
        var service = new Service(ChildProcess.Start("dotnet", [program, .. arguments, "--urls", $"http://127.0.0.1:{port}"], settings), port);
        while (!await service.IsHealthyAsync())
        {
            if (service._process.HasExited || Stopwatch.GetElapsedTime(start) > StartsWithin)
            {
                string output = service._process.Output;
                await service.DisposeAsync();
                throw new InvalidOperationException($"{program} did not become healthy:\n{output}");
            }
            await Task.Delay(10);
        }
        service.HealthyAfter = Stopwatch.GetElapsedTime(start);
        return service;
    }

    public async Task<Guid> AskAsync(int quantity, int digits)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync("/api/new", new { quantity, digits });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetGuid();
    }

    public async Task<int> GeneratedAsync(Guid id) =>
        (await Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}")).GetProperty("generated_count").GetInt32();

    /// <summary>Asks for primes and waits until all are there.</summary>
    public async Task<(Guid Id, double Seconds)> CompleteAsync(int quantity, int digits)
    {
        long start = Stopwatch.GetTimestamp();
        Guid id = await AskAsync(quantity, digits);
        while (await GeneratedAsync(id) < quantity)
            await Task.Delay(20);
        return (id, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using HttpResponseMessage response = await Client.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
