using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PrimeSystem.AppHost.Commands;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The dashboard's commands, executed as the dashboard does, against a real Api.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("primes-").FullName;
    private ServiceProcess _api = null!;
    private Model _model = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = _data });
        _model = await Model.CreateAsync("--Servers=None");
        EndpointAnnotation endpoint = Assert.Single(_model["api"].Annotations.OfType<EndpointAnnotation>());
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", _api.Client.BaseAddress!.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        await _api.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Request_primes_brings_as_many_of_as_many_digits_as_were_typed()
    {
        ExecuteCommandResult result = await RequestAsync("7", "300");

        Assert.True(result.Success, result.Message);
        JsonElement answer = await CompletedAsync(JsonElement.Parse(result.Data!.Value).GetProperty("request_id").GetString()!);
        string[] primes = [.. answer.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
        Assert.Equal(7, primes.Distinct().Count());
        Assert.All(primes, prime => Assert.Equal(300, prime.Length));
        await OpenSslPrimes.AssertAllPrimeAsync(primes);
    }

    [Theory]
    [InlineData("10", "5", "digits")]
    [InlineData("0", "12", "quantity")]
    [InlineData("1.5", "12", "quantity")]
    [InlineData("many", "12", "quantity")]
    public async Task Request_primes_says_which_number_is_wrong_and_what_the_limit_is(string quantity, string digits, string field)
    {
        ExecuteCommandResult result = await RequestAsync(quantity, digits);

        Assert.False(result.Success);
        Assert.StartsWith($"{field} must be ", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestCommand.Name)]
    [InlineData(ClearCommand.Name)]
    public async Task A_command_says_so_when_the_api_does_not_answer(string command)
    {
        await _api.KillAsync();

        ExecuteCommandResult result = await ExecuteAsync(command, Number("quantity", "10"), Number("digits", "300"));

        Assert.False(result.Success);
        Assert.NotEmpty(result.Message!);
    }

    [Fact]
    public async Task Clear_deletes_completed_requests_and_no_others()
    {
        for (int i = 0; i < 3; i++)
            await CompletedAsync(await AskAsync(quantity: 1, digits: 12));
        string running = await AskAsync(quantity: 1, digits: 9_000);

        ExecuteCommandResult result = await ExecuteAsync(ClearCommand.Name);

        Assert.True(result.Success, result.Message);
        Assert.Equal("3 requests deleted.", result.Message);
        JsonElement list = await _api.Client.GetFromJsonAsync<JsonElement>("/api/requests", Cancellation);
        Assert.Equal([running], list.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("request_id").GetString()));
    }

    [Fact]
    public async Task Commands_are_offered_while_the_api_runs_and_the_one_that_deletes_asks_first()
    {
        ResourceCommandAnnotation request = Find(RequestCommand.Name);
        ResourceCommandAnnotation clear = Find(ClearCommand.Name);

        Assert.Equal(("Request primes", true), (request.DisplayName, request.IsHighlighted));
        Assert.Equal(("Clear completed requests", false), (clear.DisplayName, clear.IsHighlighted));
        Assert.NotEmpty(clear.ConfirmationMessage!);
        Assert.Equal(["10", "300"], request.Arguments.Select(argument => argument.Value));
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        foreach (ResourceCommandAnnotation command in new[] { request, clear })
        {
            Assert.Equal(ResourceCommandState.Enabled, State(command, KnownResourceStates.Running));
            Assert.Equal(ResourceCommandState.Disabled, State(command, KnownResourceStates.Exited));
        }

        ResourceCommandState State(ResourceCommandAnnotation command, string state) => command.UpdateState(new UpdateCommandStateContext
        {
            ResourceSnapshot = new CustomResourceSnapshot { ResourceType = "Project", Properties = [], State = state },
            Services = services,
        });
    }

    private static InteractionInput Number(string name, string value) => new() { Name = name, InputType = InputType.Number, Value = value };

    private Task<ExecuteCommandResult> RequestAsync(string quantity, string digits) =>
        ExecuteAsync(RequestCommand.Name, Number("quantity", quantity), Number("digits", digits));

    private async Task<string> AskAsync(int quantity, int digits)
    {
        using HttpResponseMessage response = await _api.Client.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetString()!;
    }

    private async Task<JsonElement> CompletedAsync(string id)
    {
        JsonElement answer = default;
        await Eventually.TrueAsync(
            async () => (answer = await _api.Client.GetFromJsonAsync<JsonElement>($"/api/result/{id}", Cancellation)).GetProperty("status").GetString() == "completed",
            TimeSpan.FromMinutes(2),
            "the request is completed");
        return answer;
    }

    private ResourceCommandAnnotation Find(string name) =>
        Assert.Single(_model["api"].Annotations.OfType<ResourceCommandAnnotation>(), command => command.Name == name);

    private async Task<ExecuteCommandResult> ExecuteAsync(string command, params InteractionInput[] arguments)
    {
        await using ServiceProvider services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        return await Find(command).ExecuteCommand(new ExecuteCommandContext
        {
            Services = services,
            ResourceName = "api",
            CancellationToken = Cancellation,
            Logger = NullLogger.Instance,
            Arguments = new InteractionInputCollection(arguments),
        });
    }
}
