using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PrimeSystem.TestServers;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The dashboard's command, executed as the dashboard does, against a real Api.</summary>
public sealed class RequestCommandTests : IDisposable
{
    private const string Command = "request-primes";

    private readonly string _data = Directory.CreateTempSubdirectory("primes-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Request_10_primes_on_the_dashboard_brings_ten_primes()
    {
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(new Dictionary<string, string?>
        {
            ["Data__Folder"] = _data,
            ["ConnectionStrings__primes"] = null,
            ["ConnectionStrings__messaging"] = null,
        });
        await using Model model = await Model.CreateAsync();

        ExecuteCommandResult result = await ExecuteAsync(model, api.Client.BaseAddress!.Port);

        Assert.True(result.Success, result.Message);
        string id = JsonElement.Parse(result.Data!.Value).GetProperty("request_id").GetString()!;
        JsonElement answer = default;
        await Eventually.TrueAsync(
            async () =>
            {
                answer = await api.Client.GetFromJsonAsync<JsonElement>($"/api/result/{id}", Cancellation);
                return answer.GetProperty("status").GetString() == "completed";
            },
            TimeSpan.FromMinutes(2),
            "the request is completed");
        string[] primes = [.. answer.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
        Assert.Equal(10, primes.Distinct().Count());
        Assert.All(primes, prime => Assert.Equal(300, prime.Length));
        await OpenSslPrimes.AssertAllPrimeAsync(primes);
    }

    [Fact]
    public async Task The_command_says_so_when_the_api_does_not_answer()
    {
        await using Model model = await Model.CreateAsync();

        ExecuteCommandResult result = await ExecuteAsync(model, FreePort.Next());

        Assert.False(result.Success);
        Assert.NotEmpty(result.Message!);
    }

    [Fact]
    public async Task The_command_is_offered_prominently_and_only_while_the_api_runs()
    {
        await using Model model = await Model.CreateAsync();
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        ResourceCommandAnnotation command = Find(model);

        Assert.Equal("Request 10 primes", command.DisplayName);
        Assert.True(command.IsHighlighted);
        Assert.Equal(ResourceCommandState.Enabled, State(KnownResourceStates.Running));
        Assert.Equal(ResourceCommandState.Disabled, State(KnownResourceStates.Exited));

        ResourceCommandState State(string state) => command.UpdateState(new UpdateCommandStateContext
        {
            ResourceSnapshot = new CustomResourceSnapshot { ResourceType = "Project", Properties = [], State = state },
            Services = services,
        });
    }

    private static ResourceCommandAnnotation Find(Model model) =>
        Assert.Single(model["api"].Annotations.OfType<ResourceCommandAnnotation>(), command => command.Name == Command);

    private static async Task<ExecuteCommandResult> ExecuteAsync(Model model, int port)
    {
        ResourceCommandAnnotation command = Find(model);
        EndpointAnnotation endpoint = Assert.Single(model["api"].Annotations.OfType<EndpointAnnotation>());
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        await using ServiceProvider services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        return await command.ExecuteCommand(new ExecuteCommandContext
        {
            Services = services,
            ResourceName = "api",
            CancellationToken = Cancellation,
            Logger = NullLogger.Instance,
            Arguments = new InteractionInputCollection([]),
        });
    }
}
