using Microsoft.Extensions.Configuration;

namespace PrimeSystem.AppHost.Servers;

/// <summary>
/// Which servers the system runs on, so that it runs on any machine: those that connection strings name; else containers, if a container runtime answers;
/// else none. The setting <c>Servers</c> decides instead, if it is set. What is published always has containers.
/// </summary>
/// <param name="Source">The choice.</param>
/// <param name="Reason">The choice in a sentence, for the console; null where it needs none.</param>
/// <param name="Error">Why there is no valid choice; null if there is one.</param>
internal sealed record ServerChoice(ServerSource Source, string? Reason = null, string? Error = null)
{
    private const string Setting = "Servers";

    public static async Task<ServerChoice> MakeAsync(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return new ServerChoice(ServerSource.Containers);
        string? setting = builder.Configuration[Setting];
        ServerSource? wanted = null;
        if (!string.IsNullOrWhiteSpace(setting))
        {
            if (!Enum.TryParse(setting, ignoreCase: true, out ServerSource parsed) || !Enum.IsDefined(parsed))
                return Invalid($"The setting {Setting} is '{setting}'. It must be {string.Join(", ", Enum.GetNames<ServerSource>()[..^1])} or {ServerSource.None}.");
            wanted = parsed;
        }

        string[] missing = [.. new[] { DataServers.Database, DataServers.Broker }.Where(name => string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))];
        if (missing.Length == 1 || (missing.Length > 0 && wanted == ServerSource.ConnectionStrings))
        {
            string subject = missing.Length == 1 ? $"connection string '{missing[0]}' is" : $"connection strings '{missing[0]}' and '{missing[1]}' are";
            return Invalid($"The {subject} missing. Your own servers need both: "
                + $"ConnectionStrings:{DataServers.Database} for PostgreSQL, ConnectionStrings:{DataServers.Broker} for RabbitMQ.");
        }

        switch (wanted ?? (missing.Length == 0 ? ServerSource.ConnectionStrings : null))
        {
            case ServerSource.ConnectionStrings:
                return new ServerChoice(
                    ServerSource.ConnectionStrings,
                    $"Servers: your own, named by the connection strings '{DataServers.Database}' and '{DataServers.Broker}'; three workers.");
            case ServerSource.None:
                return new ServerChoice(ServerSource.None, $"Servers: none, as {Setting}={ServerSource.None} asks. The api is standalone, on SQLite.");
            case ServerSource.Containers:
                return new ServerChoice(ServerSource.Containers, $"Servers: PostgreSQL and RabbitMQ in containers, as {Setting}={ServerSource.Containers} asks; three workers.");
            default:
                string[] runtimes = ContainerRuntime.Candidates(builder.Configuration);
                return await ContainerRuntime.FindAsync(runtimes) is { } runtime
                    ? new ServerChoice(ServerSource.Containers, $"Servers: PostgreSQL and RabbitMQ in containers ({runtime}); three workers.")
                    : new ServerChoice(
                        ServerSource.None,
                        $"Servers: none, since no container runtime answers ({string.Join(", ", runtimes)}). The api is standalone, on SQLite. For PostgreSQL, RabbitMQ and workers start one, "
                        + $"or set ConnectionStrings:{DataServers.Database} and ConnectionStrings:{DataServers.Broker}.");
        }

        static ServerChoice Invalid(string error) => new(ServerSource.None, Error: error);
    }
}
