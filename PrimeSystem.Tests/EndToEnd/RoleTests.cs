using Npgsql;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>The service works without the right to change the schema.</summary>
public sealed class RoleTests(SharedServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ALTER TABLE requests ADD COLUMN evil text")]
    [InlineData("DROP TABLE prime_numbers")]
    [InlineData("CREATE TABLE evil (id integer)")]
    [InlineData("CREATE INDEX evil ON requests (failure)")]
    [InlineData("TRUNCATE requests")]
    [InlineData("DELETE FROM schemaversions")]
    [InlineData("CREATE FUNCTION evil() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    public async Task The_services_role_may_not(string statement)
    {
        (string service, _, string role) = await MigrateAsync();
        await using var connection = new NpgsqlConnection(service);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        await connection.CloseAsync();
        await DropAsync(service, role);
    }

    [Fact]
    public async Task A_system_with_the_services_role_accepts_works_cancels_purges_and_forgets()
    {
        (string service, _, string role) = await MigrateAsync();
        RabbitMqVirtualHost broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        await using (DistributedSystem system = await DistributedSystem.StartAsync(service, broker, workers: 1, new()
        {
            ["Migrations__AtStartup"] = "false",
            ["Flow__SweepEvery"] = "00:00:00.500",
            ["Idempotency__KeepFor"] = "00:00:01",
        }))
        {
            await Eventually.TrueAsync(
                async () => (await system.Api.Client.GetAsync("/ready", Cancellation)).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "it is ready");
            system.Api.Client.DefaultRequestHeaders.Add("Idempotency-Key", "order");
            Guid id = await system.AskAsync(20_000, 12);
            system.Api.Client.DefaultRequestHeaders.Remove("Idempotency-Key");
            await system.CompletesAsync(id);
            Guid cancelled = await system.AskAsync(1, 9_000);
            Assert.True((await system.Api.Client.DeleteAsync($"/api/requests/{cancelled}", Cancellation)).IsSuccessStatusCode);
            Assert.True((await system.Api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation)).IsSuccessStatusCode);
            await Eventually.TrueAsync(
                async () => await system.QueryAsync<int>("SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM idempotency_keys)") == 1,
                TimeSpan.FromSeconds(60),
                "the purged request and its key are gone");
            Assert.DoesNotContain("permission denied", system.Api.Output + system.Workers[0].Output, StringComparison.Ordinal);
        }
        await DropAsync(service, role);
    }

    /// <summary>An empty database that the owner migrates, and a role for the service.</summary>
    private async Task<(string Service, string Owner, string Role)> MigrateAsync()
    {
        string owner = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        string role = $"service \"{Guid.NewGuid():N}";
        string quoted = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await ExecuteAsync(owner, $"CREATE ROLE {quoted} LOGIN PASSWORD 'service'");
        (int code, string output) = await ServiceProcess.RunApiAsync(["migrate"], new Dictionary<string, string?>
        {
            ["ConnectionStrings__primes"] = "Host=127.0.0.1;Port=1",
            ["ConnectionStrings__messaging"] = "amqp://127.0.0.1:1",
            ["Migrations__ConnectionString"] = owner,
            ["Migrations__ServiceRole"] = role,
        });
        Assert.True(code == 0, output);
        return (new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = "service", Pooling = false }.ConnectionString, owner, role);
    }

    private async Task DropAsync(string service, string role)
    {
        string owner = new NpgsqlConnectionStringBuilder((await servers.PostgresAsync()).DefaultConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(service).Database,
        }.ConnectionString;
        string quoted = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await ExecuteAsync(owner, $"DROP OWNED BY {quoted}; DROP ROLE {quoted}");
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
