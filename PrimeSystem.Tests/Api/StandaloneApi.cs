using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using PrimeSystem.Api.Requests;

namespace PrimeSystem.Tests.Api;

/// <summary>A standalone system in this process, with a real Kestrel and a data folder of its own.</summary>
public sealed class StandaloneApi : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-api-").FullName;
    private readonly Factory _factory;

    public StandaloneApi()
        : this([])
    {
    }

    internal StandaloneApi(Dictionary<string, string?> settings)
    {
        _factory = new Factory(new Dictionary<string, string?>(settings) { ["Data:Folder"] = _folder });
        _factory.UseKestrel(0);
        _factory.StartServer();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _factory.ClientOptions.BaseAddress };
        // Like curl with a large body: the server can reject it before it is sent.
        Client.DefaultRequestHeaders.ExpectContinue = true;
    }

    public HttpClient Client { get; }

    public T Service<T>()
        where T : notnull => _factory.Services.GetRequiredService<T>();

    /// <summary>Creates a request and returns its id.</summary>
    public async Task<Guid> AskAsync(int quantity, int digits)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync("/api/new", new { quantity, digits }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return (await JsonAsync(response)).GetProperty("request_id").GetGuid();
    }

    /// <summary>Creates a request and waits until it has ended.</summary>
    public async Task<Guid> AskAndWaitAsync(int quantity, int digits)
    {
        Guid id = await AskAsync(quantity, digits);
        await WaitAsync(id);
        return id;
    }

    public async Task<JsonElement> WaitAsync(Guid id)
    {
        while (true)
        {
            JsonElement status = await GetAsync($"/api/status/{id}");
            if (status.GetProperty("status").GetString() is "completed" or "failed" or "cancelled")
                return status;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Client.Dispose();
        _factory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Factory(Dictionary<string, string?> settings) : WebApplicationFactory<RequestView>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            foreach ((string key, string? value) in settings)
                builder.UseSetting(key, value);
        }
    }
}
