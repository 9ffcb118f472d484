using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using Npgsql;
using PrimeSystem.Requests.Queue.RabbitMq;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.Tests.Primes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Api and workers as separate processes on a PostgreSQL database and a RabbitMQ virtual host, with the means to break them.</summary>
internal sealed class DistributedSystem : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private readonly List<ServiceProcess> _workers = [];

    private DistributedSystem(string database, RabbitMqVirtualHost broker, Dictionary<string, string?> settings)
    {
        Database = database;
        Broker = broker;
        _settings = Settings(database, broker, settings);
    }

    public string Database { get; }

    public RabbitMqVirtualHost Broker { get; }

    public ServiceProcess Api { get; private set; } = null!;

    public IReadOnlyList<ServiceProcess> Workers => _workers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The settings of a process of the system. Calls are anonymous unless other settings configure authentication.</summary>
    public static Dictionary<string, string?> Settings(string database, RabbitMqVirtualHost broker, Dictionary<string, string?>? others = null) => new(others ?? [])
    {
        ["ConnectionStrings__primes"] = database,
        ["ConnectionStrings__messaging"] = broker.ConnectionString,
        ["Authentication__AllowAnonymous"] = "true",
        // The tests poll more often than people do.
        ["RateLimits__RequestsPerMinute"] = "0",
    };

    public static async Task<DistributedSystem> StartAsync(
        PostgresServer postgres, RabbitMqServer rabbitMq, int workers, Dictionary<string, string?>? settings = null) =>
        await StartAsync(await postgres.CreateDatabaseAsync(), await rabbitMq.CreateVirtualHostAsync(), workers, settings);

    public static async Task<DistributedSystem> StartAsync(
        string database, RabbitMqVirtualHost broker, int workers, Dictionary<string, string?>? settings = null)
    {
        var system = new DistributedSystem(database, broker, settings ?? []);
        await system.StartApiAsync();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => system.StartWorkerAsync()));
        return system;
    }

    public async Task StartApiAsync() => Api = await ServiceProcess.StartApiAsync(_settings);

    /// <summary>Starts a second Api, which the caller ends.</summary>
    public Task<ServiceProcess> StartAnotherApiAsync() => ServiceProcess.StartApiAsync(_settings);

    public async Task<ServiceProcess> StartWorkerAsync()
    {
        ServiceProcess worker = await ServiceProcess.StartWorkerAsync(_settings);
        lock (_workers)
        {
            _workers.Add(worker);
        }
        return worker;
    }

    /// <summary>Kills a worker (kill -9).</summary>
    public async Task KillWorkerAsync(ServiceProcess worker)
    {
        await worker.KillAsync();
        _workers.Remove(worker);
        await worker.DisposeAsync();
    }

    public async Task<Guid> AskAsync(int quantity, int digits)
    {
        using HttpResponseMessage response = await Api.Client.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        string body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == 202, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("request_id").GetGuid();
    }

    public async Task<JsonElement> StatusAsync(Guid id) => await Api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation);

    public async Task<int> GeneratedAsync(Guid id) => (await StatusAsync(id)).GetProperty("generated_count").GetInt32();

    /// <summary>Waits until a request has at least this many primes.</summary>
    public Task WaitForAsync(Guid id, int generated) =>
        Eventually.TrueAsync(async () => await GeneratedAsync(id) >= generated, TimeSpan.FromMinutes(5), $"{generated} primes are there");

    /// <summary>
    /// Waits until a request is completed, and checks its primes: their number, length, distinctness and primality, short ones by proof, and a sample of them
    /// by OpenSSL, whose 64 rounds take a millisecond at any size.
    /// </summary>
    /// <param name="id">The request.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="sample">The most primes that OpenSSL checks.</param>
    public async Task CompletesAsync(Guid id, TimeSpan? within = null, int sample = 500)
    {
        JsonElement status = default;
        try
        {
            await Eventually.TrueAsync(
                async () => (status = await StatusAsync(id)).GetProperty("status").GetString() is "completed" or "failed" or "cancelled",
                within ?? TimeSpan.FromMinutes(5),
                $"request {id} ends");
        }
        catch (Exception e)
        {
            string outputs = string.Join("\n", _workers.Prepend(Api).Select(process => $"--- process {process.Id}\n{process.Output}"));
            throw new InvalidOperationException($"{e.Message}\n{outputs}", e);
        }
        Assert.Equal("completed", status.GetProperty("status").GetString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}");
        request.Headers.Accept.ParseAdd("text/plain");
        using HttpResponseMessage response = await Api.Client.SendAsync(request, Cancellation);
        string[] primes = (await response.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n').Split('\n');
        Assert.Equal(status.GetProperty("quantity").GetInt32(), primes.Length);
        Assert.Equal(primes.Length, primes.Distinct().Count());
        Assert.All(primes, prime => Assert.Equal(status.GetProperty("digits").GetInt32(), prime.Length));
        if (primes[0].Length <= Reference.MaxProvenDigits)
            Assert.All(primes, prime => Assert.True(Reference.IsPrime(BigInteger.Parse(prime, CultureInfo.InvariantCulture))));
        await OpenSslPrimes.AssertAllPrimeAsync([.. primes.Where((_, i) => i % Math.Max(1, primes.Length / sample) == 0)]);
    }

    /// <summary>Fails if anything was dead-lettered.</summary>
    public async Task HasNoDeadLettersAsync() => Assert.Equal(0u, await Broker.ReadyAsync(Topology.Dead));

    /// <summary>Waits until the queues are empty and nobody holds a delivery.</summary>
    public Task SettlesAsync(TimeSpan within) => Eventually.TrueAsync(
        async () => await Broker.CountAsync(Topology.Batches) == (0, 0) && await Broker.CountAsync(Topology.Express) == (0, 0),
        within,
        "all messages are settled");

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync(Cancellation))!, typeof(T), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes the data as the system never does.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Makes the database read-only, or writable again, for all present and future connections.</summary>
    public async Task SetReadOnlyAsync(bool readOnly)
    {
        await using var connection = new NpgsqlConnection($"{Database};Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            ALTER DATABASE {connection.Database} SET default_transaction_read_only = {(readOnly ? "on" : "off")};
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
            """,
            connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
            await Api.DisposeAsync();
        foreach (ServiceProcess worker in _workers)
            await worker.DisposeAsync();
    }
}
