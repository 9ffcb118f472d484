using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using PrimeSystem.AppHost.Servers;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.Tests.Observation;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The application as <c>dotnet run --project PrimeSystem.AppHost</c> starts it, in each of its ways.</summary>
public sealed class WholeApplicationTests(SharedServers servers)
{
    /// <summary>Images may have to be fetched first.</summary>
    private static readonly TimeSpan ToStart = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ToFinish = TimeSpan.FromMinutes(5);

    /// <summary>Marks the processes of one test, whoever started them.</summary>
    private readonly string _mark = $"PRIMES_TEST_RUN={Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_servers_the_api_alone_brings_primes_and_leaves_no_process_behind()
    {
        string data = Directory.CreateTempSubdirectory("primes-").FullName;
        await using (Model model = await Model.CreateAsync("--Servers=None"))
        {
            model.SetEnvironment("api", new Dictionary<string, string?> { ["Data__Folder"] = data });
            await using DistributedApplication application = await StartAsync(model);
            using HttpClient api = application.CreateHttpClient("api", "http");

            await CheckAsync(api, await RequestAsync(api, quantity: 5, digits: 100), quantity: 5, digits: 100);

            Assert.Single(MarkedProcesses());
            await application.StopAsync(Cancellation);
        }
        await NoProcessIsLeftAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task On_servers_of_your_own_three_workers_bring_primes_though_one_is_killed_and_one_trace_tells_the_way()
    {
        PostgresServer postgres = await servers.PostgresAsync();
        RabbitMqServer rabbitMq = await servers.RabbitMqAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using (Model model = await Model.CreateAsync(
            $"--ConnectionStrings:primes={await postgres.CreateDatabaseAsync()}",
            $"--ConnectionStrings:messaging={(await rabbitMq.CreateVirtualHostAsync()).ConnectionString}"))
        {
            foreach (string service in new[] { "api", "worker" })
                model.SetEnvironment(service, receiver.Settings);
            model.SetEnvironment("api", new Dictionary<string, string?> { ["RateLimits__RequestsPerMinute"] = "0" });
            await using DistributedApplication application = await StartAsync(model);
            using HttpClient api = application.CreateHttpClient("api", "http");

            string first = await RequestAsync(api, quantity: 100, digits: 100);
            await CheckAsync(api, first, quantity: 100, digits: 100);
            await OneTraceTellsTheWayAsync(receiver, first);

            await SurvivesTheDeathOfAWorkerAsync(application, api);
            await application.StopAsync(Cancellation);
        }
        await NoProcessIsLeftAsync();
    }

    [Fact]
    public async Task In_containers_primes_come_though_a_worker_and_the_broker_are_killed_and_stay_when_the_application_starts_again()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        string[] runtimes = ContainerRuntime.Candidates(configuration);
        string? runtime = await ContainerRuntime.FindAsync(runtimes);
        Assert.SkipWhen(runtime is null, $"No container runtime answers here ({string.Join(", ", runtimes)}).");

        // A developer's data is none of the tests' business, so the volumes have other names; and passwords that are given are not kept.
        var volumes = new Dictionary<string, string> { ["primes-pgdata"] = $"test-pg-{Guid.NewGuid():N}", ["primes-mqdata"] = $"test-mq-{Guid.NewGuid():N}" };
        try
        {
            string kept;
            await using (Model model = await CreateAsync())
            {
                await using DistributedApplication application = await StartAsync(model);
                using HttpClient api = application.CreateHttpClient("api", "http");
                kept = await RequestAsync(api, quantity: 100, digits: 100);
                await CheckAsync(api, kept, quantity: 100, digits: 100);
                await SurvivesTheDeathOfAWorkerAsync(application, api);

                string interrupted = await RequestAsync(api, quantity: 2_000, digits: 200);
                string container = await PropertyAsync(application, "rabbitmq", "container.id");
                await ChildProcess.RunAsync(runtime!, ["kill", container]);
                await ChildProcess.RunAsync(runtime!, ["start", container]);
                await CheckAsync(api, interrupted, quantity: 2_000, digits: 200);
                await application.StopAsync(Cancellation);
            }
            await NoProcessIsLeftAsync();

            await using (Model model = await CreateAsync())
            {
                await using DistributedApplication application = await StartAsync(model);
                using HttpClient api = application.CreateHttpClient("api", "http");
                await CheckAsync(api, kept, quantity: 100, digits: 100);
                await CheckAsync(api, await RequestAsync(api, quantity: 10, digits: 100), quantity: 10, digits: 100);
                await application.StopAsync(Cancellation);
            }
        }
        finally
        {
            // DCP removes the containers behind the application; a volume in use cannot be removed.
            foreach (string volume in volumes.Values)
                await Eventually.TrueAsync(() => RemovedAsync(runtime!, volume), TimeSpan.FromMinutes(2), $"volume {volume} is removed");
        }

        async Task<Model> CreateAsync()
        {
            Model model = await Model.CreateAsync(Model.Containers, "--Parameters:pg-password=ATestsOwnPassword1", "--Parameters:mq-password=ATestsOwnPassword1");
            foreach (ContainerResource container in model.Resources.OfType<ContainerResource>())
            {
                ContainerMountAnnotation mount = Assert.Single(container.Annotations.OfType<ContainerMountAnnotation>());
                container.Annotations.Remove(mount);
                container.Annotations.Add(new ContainerMountAnnotation(volumes[mount.Source!], mount.Target, mount.Type, mount.IsReadOnly));
            }
            return model;
        }
    }

    private static async Task<bool> RemovedAsync(string runtime, string volume)
    {
        await using ChildProcess remove = ChildProcess.Start(runtime, ["volume", "rm", "--force", volume]);
        return await remove.WaitForExitAsync() == 0;
    }

    private async Task<DistributedApplication> StartAsync(Model model)
    {
        string[] mark = _mark.Split('=');
        foreach (string service in model.Names<ProjectResource>())
            model.SetEnvironment(service, new Dictionary<string, string?> { [mark[0]] = mark[1] });
        DistributedApplication application = await model.BuildAsync();
        await application.StartAsync(Cancellation).WaitAsync(ToStart, Cancellation);
        foreach (string service in model.Names<ProjectResource>())
            await application.ResourceNotifications.WaitForResourceHealthyAsync(service, Cancellation).WaitAsync(ToStart, Cancellation);
        return application;
    }

    /// <summary>Kills a replica with kill -9 in the middle of a request: all primes come, the dashboard says that it ended, and its start command brings it back.</summary>
    private static async Task SurvivesTheDeathOfAWorkerAsync(DistributedApplication application, HttpClient api)
    {
        IReadOnlyDictionary<string, int> replicas = await ReplicasAsync(application, count: 3);
        (string killed, int id) = replicas.First();
        string request = await RequestAsync(api, quantity: 2_000, digits: 200);
        using (Process worker = Process.GetProcessById(id))
            worker.Kill(entireProcessTree: true);
        ResourceEvent ended = await application.ResourceNotifications
            .WaitForResourceAsync("worker", change => change.ResourceId == killed && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text), Cancellation)
            .WaitAsync(ToFinish, Cancellation);
        Assert.NotEqual(0, ended.Snapshot.ExitCode);
        await CheckAsync(api, request, quantity: 2_000, digits: 200);

        ExecuteCommandResult started = await application.ResourceCommands.ExecuteCommandAsync(killed, KnownResourceCommands.StartCommand, Cancellation);
        Assert.True(started.Success, started.Message);
        await Eventually.TrueAsync(
            async () => (await ReplicasAsync(application, count: 3)).TryGetValue(killed, out int again) && again != id, ToFinish, "the killed replica runs again");
    }

    private static async Task OneTraceTellsTheWayAsync(OtlpReceiver receiver, string request)
    {
        IReadOnlyList<RecordedSpan> trace = [];
        await Eventually.TrueAsync(
            () =>
            {
                IReadOnlyList<RecordedSpan> spans = receiver.Spans;
                string? id = spans.FirstOrDefault(span => span.Name == "POST /api/new" && span.Attributes.GetValueOrDefault("primesystem.request.id") == request)?.TraceId;
                trace = [.. spans.Where(span => span.TraceId == id)];
                return Task.FromResult(id is not null && trace.Any(span => span.Name == "commit batch"));
            },
            TimeSpan.FromMinutes(1),
            "the trace is complete");
        Assert.Equal(
            [("api", "POST /api/new"), ("api", "dispatch request"), ("worker", "process batch"), ("worker", "search primes"), ("worker", "commit batch")],
            from name in new[] { "POST /api/new", "dispatch request", "process batch", "search primes", "commit batch" }
            let span = trace.First(span => span.Name == name)
            select (span.Service, span.Name));
        await receiver.EveryQueryIsPartOfATraceAsync();
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
        Assert.Equal(quantity, primes.Length);
        Assert.Equal(quantity, primes.Distinct().Count());
        Assert.All(primes, prime => Assert.Equal(digits, prime.Length));
        await OpenSslPrimes.AssertAllPrimeAsync(primes);
    }

    /// <summary>The processes of the worker's replicas that run, by the id of the resource.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> ReplicasAsync(DistributedApplication application, int count)
    {
        var processes = new Dictionary<string, int>();
        await foreach (ResourceEvent change in application.ResourceNotifications.WatchAsync(Cancellation).WithCancellation(Cancellation))
        {
            if (change.Resource.Name == "worker" && change.Snapshot.State?.Text == KnownResourceStates.Running && Property(change, "executable.pid") is { } id)
                processes[change.ResourceId] = int.Parse(id, CultureInfo.InvariantCulture);
            if (processes.Count == count)
                break;
        }
        return processes;
    }

    private static async Task<string> PropertyAsync(DistributedApplication application, string resource, string name) =>
        Property(await application.ResourceNotifications.WaitForResourceAsync(resource, change => Property(change, name) is not null, Cancellation), name)!;

    private static string? Property(ResourceEvent change, string name) =>
        Convert.ToString(change.Snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null;

    private Task NoProcessIsLeftAsync() => Eventually.TrueAsync(
        () => Task.FromResult(MarkedProcesses().Count == 0), TimeSpan.FromMinutes(1), "no process is left", () => string.Join(", ", MarkedProcesses()));

    /// <summary>The processes of this test's services, wrappers included, as the operating system knows them.</summary>
    private IReadOnlyList<int> MarkedProcesses()
    {
        var marked = new List<int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id)
                    && Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "environ"))).Split('\0').Contains(_mark))
                {
                    marked.Add(id);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }
        return marked;
    }
}
