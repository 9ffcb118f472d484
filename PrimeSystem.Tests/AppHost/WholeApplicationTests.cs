using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The application as <c>dotnet run --project PrimeSystem.AppHost</c> starts it: containers, api and three workers.</summary>
public sealed class WholeApplicationTests
{
    /// <summary>Images may have to be fetched first.</summary>
    private static readonly TimeSpan ToStart = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ToFinish = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Primes_come_out_of_it_and_go_on_coming_when_a_worker_is_killed()
    {
        string? missing = await ContainerRuntime.MissingAsync();
        Assert.SkipWhen(missing is not null, missing ?? "");

        await using Model model = await Model.CreateAsync("Parameters:pg-password=ATestsOwnPassword1", "Parameters:mq-password=ATestsOwnPassword1");
        // A developer's data is none of the tests' business.
        foreach (ContainerResource container in model.Resources.OfType<ContainerResource>())
        {
            foreach (ContainerMountAnnotation mount in container.Annotations.OfType<ContainerMountAnnotation>().ToArray())
                container.Annotations.Remove(mount);
        }
        await using DistributedApplication application = await model.BuildAsync();
        await application.StartAsync(Cancellation).WaitAsync(ToStart, Cancellation);
        foreach (string service in new[] { "api", "worker" })
            await application.ResourceNotifications.WaitForResourceHealthyAsync(service, Cancellation).WaitAsync(ToStart, Cancellation);
        using HttpClient api = application.CreateHttpClient("api", "http");

        string first = await RequestAsync(api, quantity: 100, digits: 100);
        await CheckAsync(api, first, quantity: 100, digits: 100);

        string second = await RequestAsync(api, quantity: 2_000, digits: 200);
        IReadOnlyList<int> replicas = await WorkersAsync(application);
        Assert.Equal(3, replicas.Count);
        using (Process worker = Process.GetProcessById(replicas[0]))
            worker.Kill(entireProcessTree: true);
        await CheckAsync(api, second, quantity: 2_000, digits: 200);

        await application.StopAsync(Cancellation);
    }

    private static async Task<string> RequestAsync(HttpClient api, int quantity, int digits)
    {
        using HttpResponseMessage response = await api.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetString()!;
    }

    private static async Task CheckAsync(HttpClient api, string id, int quantity, int digits)
    {
        await Eventually.TrueAsync(
            async () => (await api.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("status").GetString() == "completed",
            ToFinish,
            "the request is completed");
        JsonElement result = await api.GetFromJsonAsync<JsonElement>($"/api/result/{id}", Cancellation);
        string[] primes = [.. result.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
        Assert.Equal(quantity, primes.Distinct().Count());
        Assert.All(primes, prime => Assert.Equal(digits, prime.Length));
        await OpenSslPrimes.AssertAllPrimeAsync(primes);
    }

    /// <summary>The process of every replica of the worker, which may have been started by another one.</summary>
    private static async Task<IReadOnlyList<int>> WorkersAsync(DistributedApplication application)
    {
        var processes = new Dictionary<string, int>();
        await foreach (ResourceEvent change in application.ResourceNotifications.WatchAsync(Cancellation).WithCancellation(Cancellation))
        {
            ImmutableArray<ResourcePropertySnapshot> properties = change.Snapshot.Properties;
            if (change.Resource.Name == "worker" && properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } id)
                processes[change.ResourceId] = Convert.ToInt32(id, CultureInfo.InvariantCulture);
            if (processes.Count == 3)
                break;
        }
        return [.. processes.Values];
    }
}
