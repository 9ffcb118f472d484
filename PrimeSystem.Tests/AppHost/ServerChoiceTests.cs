using Aspire.Hosting.ApplicationModel;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.AppHost;

/// <summary>The servers that the AppHost takes, on any machine.</summary>
public sealed class ServerChoiceTests
{
    private const string Database = "--ConnectionStrings:primes=Host=127.0.0.1";
    /// <summary>Where the AppHost's own build put it; what lies beside the tests cannot start.</summary>
    private static readonly string Program = Path.Combine(
        [Repository.PathOf("PrimeSystem.AppHost", "bin"), .. AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..], "PrimeSystem.AppHost.dll"]);

    private const string Broker = "--ConnectionStrings:messaging=amqp://127.0.0.1";

    [Theory]
    [InlineData("--Servers=ConnectionStrings", Database, Broker)]
    [InlineData(Database, Broker)]
    public async Task Connection_strings_name_servers_of_your_own_and_no_container_is_started(params string[] arguments)
    {
        await using Model model = await Model.CreateAsync(arguments);

        Assert.Equal(["api", "worker"], model.Names<ProjectResource>());
        Assert.Equal(3, model["worker"].GetReplicaCount());
        Assert.Empty(model.Names<ContainerResource>());
        foreach (string service in new[] { "api", "worker" })
        {
            IReadOnlyDictionary<string, string?> environment = await model.EnvironmentAsync(service);
            Assert.Equal("{primes.connectionString}", environment["ConnectionStrings__primes"]);
            Assert.Equal("{messaging.connectionString}", environment["ConnectionStrings__messaging"]);
        }
    }

    [Fact]
    public async Task Without_servers_the_api_is_standalone_on_the_data_of_the_run_script()
    {
        await using Model model = await Model.CreateAsync("--Servers=None", Database, Broker);

        Assert.Equal(["api"], model.Names<ProjectResource>());
        Assert.Empty(model.Names<ContainerResource>());
        IReadOnlyDictionary<string, string?> environment = await model.EnvironmentAsync("api");
        Assert.Equal(Repository.PathOf("data"), environment["Data__Folder"]);
        Assert.DoesNotContain(environment.Keys, name => name.StartsWith("ConnectionStrings__", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("The connection string 'messaging' is missing.", Database)]
    [InlineData("The connection string 'primes' is missing.", Broker)]
    [InlineData("The connection string 'messaging' is missing.", Database, "--Servers=ConnectionStrings")]
    [InlineData("The connection strings 'primes' and 'messaging' are missing.", "--Servers=ConnectionStrings")]
    [InlineData("The setting Servers is 'many'. It must be ConnectionStrings, Containers or None.", "--Servers=many")]
    public async Task What_is_missing_or_unknown_is_named_in_one_line(string error, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start("dotnet", [Program, .. arguments]);

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.StartsWith(error, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', process.Output);
    }

    [Fact]
    public async Task Without_a_container_runtime_the_line_says_what_would_bring_servers()
    {
        // A runtime that answers nowhere; DCP is not reached, since its ports cannot be read.
        await using ChildProcess process = ChildProcess.Start(
            "dotnet",
            [Program, "--ASPIRE_CONTAINER_RUNTIME=no-such-runtime", "--urls=nonsense"]);

        Assert.NotEqual(0, await process.WaitForExitAsync());
        Assert.Equal(
            "Servers: none, since no container runtime answers (no-such-runtime). The api is standalone, on SQLite. For PostgreSQL, RabbitMQ and workers start one, "
            + "or set ConnectionStrings:primes and ConnectionStrings:messaging.",
            process.Output.Split('\n')[0]);
    }
}
