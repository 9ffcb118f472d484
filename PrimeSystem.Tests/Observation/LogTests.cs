using System.Text.Json;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Observation;

/// <summary>The console logs of the processes.</summary>
public sealed class LogTests(SharedServers servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-logs-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task In_production_every_line_is_JSON_and_names_its_request()
    {
        await using DistributedSystem system = await DistributedSystem.StartAsync(
            await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers: 1, new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        Guid completed = await system.AskAsync(2, 12);
        await system.CompletesAsync(completed);
        Guid cancelled = await system.AskAsync(1, 9_000);
        await system.Api.Client.DeleteAsync($"/api/requests/{cancelled}", Cancellation);

        JsonElement accepted = await LineAsync(system.Api, $"Request {completed} is accepted: quantity 2, digits 12");
        Assert.Equal($"{completed}", accepted.GetProperty("State").GetProperty("RequestId").GetString());
        Assert.Equal(JsonValueKind.Number, accepted.GetProperty("State").GetProperty("Quantity").ValueKind);
        // The id is not passed to the line: it is in the scope of the call, and of the batch.
        Assert.Contains($"{cancelled}", Scopes(await LineAsync(system.Api, $"Request {cancelled} is cancelled")));
        Assert.Contains($"{completed}", Scopes(await LineAsync(system.Workers[0], $"Request {completed} is completed: quantity 2, digits 12")));
        foreach (ServiceProcess process in system.Workers.Prepend(system.Api))
        {
            Assert.All(process.Output.Split('\n'), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
            Assert.DoesNotContain(new Uri(system.Broker.ConnectionString).UserInfo, process.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Username=", process.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_standalone_system_logs_plain_text(string environment)
    {
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(
            new Dictionary<string, string?> { ["Data__Folder"] = _folder, ["ASPNETCORE_ENVIRONMENT"] = environment });

        Assert.DoesNotContain(api.Output.Split('\n'), line => line.StartsWith('{'));
        Assert.All(api.Output.Split('\n'), line => Assert.Matches(@"^\d\d:\d\d:\d\d (info|warn): \S+ \S", line));
    }

    [Fact]
    public async Task The_format_can_be_configured()
    {
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(
            new Dictionary<string, string?> { ["Data__Folder"] = _folder, ["Logging__Console__FormatterName"] = "json" });

        Assert.All(api.Output.Split('\n'), line => Assert.StartsWith("{", line, StringComparison.Ordinal));
    }

    private static string Scopes(JsonElement line) => line.GetProperty("Scopes").GetRawText();

    private static async Task<JsonElement> LineAsync(ServiceProcess process, string message)
    {
        string? found = null;
        await Eventually.TrueAsync(
            () => Task.FromResult((found = process.Output.Split('\n').FirstOrDefault(line => line.Contains(message, StringComparison.Ordinal))) is not null),
            TimeSpan.FromSeconds(30),
            $"it is logged that {message}");
        return JsonDocument.Parse(found!).RootElement;
    }
}
