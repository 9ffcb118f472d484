using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using PrimeSystem.Tests.Api.Security;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Requests;

/// <summary>Calls with the same <c>Idempotency-Key</c> create one request, however often and to whichever replica they are sent.</summary>
public sealed class IdempotencyTests(SharedServers servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-keys-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_repeated_call_gets_the_first_answer_and_another_request_with_its_key_is_422()
    {
        using var api = new StandaloneApi();

        string first = await PostAsync(api.Client, "order-1", 3, 12);
        string again = await PostAsync(api.Client, "order-1", 3, 12);
        string other = await PostAsync(api.Client, "order-1", 4, 12);

        Assert.StartsWith("202 /api/status/", first, StringComparison.Ordinal);
        Assert.Equal(first, again);
        Assert.StartsWith("422 ", other, StringComparison.Ordinal);
        Assert.NotEqual(first, await PostAsync(api.Client, "order-2", 3, 12));
        Assert.NotEqual(first, await PostAsync(api.Client, key: null, 3, 12));
        Assert.Equal(3, (await api.GetAsync("/api/requests")).GetProperty("requests").GetArrayLength());
    }

    [Fact]
    public async Task A_rejected_call_does_not_use_up_its_key()
    {
        using var api = new StandaloneApi();

        Assert.StartsWith("400 ", await PostAsync(api.Client, "order", 0, 12), StringComparison.Ordinal);
        Assert.StartsWith("202 ", await PostAsync(api.Client, "order", 1, 12), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    [InlineData(256)]
    public async Task An_invalid_key_is_400_and_the_header_is_named(object keyOrLength)
    {
        using var api = new StandaloneApi();
        string key = keyOrLength as string ?? new string('k', (int)keyOrLength);

        string answer = await PostAsync(api.Client, key, 1, 12);

        Assert.StartsWith("400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key must be 1 to 255 visible ASCII characters.", answer, StringComparison.Ordinal);
        Assert.StartsWith("202 ", await PostAsync(api.Client, new string('k', 255), 1, 12), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_request_frees_its_key()
    {
        using var api = new StandaloneApi();
        string first = await PostAsync(api.Client, "order", 2, 12);
        string location = first.Split(' ')[1];
        using HttpResponseMessage purged = await api.Client.DeleteAsync(location.Replace("status", "requests", StringComparison.Ordinal) + "?purge=true", Cancellation);
        Assert.Equal(204, (int)purged.StatusCode);

        string second = await PostAsync(api.Client, "order", 2, 12);

        Assert.StartsWith("202 ", second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await api.GetAsync(second.Split(' ')[1])).GetProperty("quantity").GetInt32());
        Assert.Equal(second, await PostAsync(api.Client, "order", 2, 12));
        Assert.StartsWith("422 ", await PostAsync(api.Client, "order", 3, 12), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_be_quoted_and_must_be_sent_once()
    {
        using var api = new StandaloneApi();

        Assert.Equal(await PostAsync(api.Client, "order", 1, 12), await PostAsync(api.Client, "\"order\"", 1, 12));
        Assert.StartsWith("400 ", await PostAsync(api.Client, "\"\"", 1, 12), StringComparison.Ordinal);
        using var client = new TcpClient();
        await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port, Cancellation);
        await client.GetStream().WriteAsync(
            "POST /api/new HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: 28\r\nConnection: close\r\n\r\n{\"quantity\":1,\"digits\": 12 }"u8.ToArray(),
            Cancellation);
        using var reader = new StreamReader(client.GetStream());
        string answer = await reader.ReadToEndAsync(Cancellation);
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key must be sent once.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_users_may_use_the_same_key()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        using var api = new StandaloneApi(issuer.Settings);
        using HttpClient alice = Client(api, issuer.Token("alice"));
        using HttpClient bob = Client(api, issuer.Token("bob"));

        string hers = await PostAsync(alice, "order", 1, 12);
        string his = await PostAsync(bob, "order", 2, 12);

        Assert.StartsWith("202 ", hers, StringComparison.Ordinal);
        Assert.StartsWith("202 ", his, StringComparison.Ordinal);
        Assert.NotEqual(hers, his);
    }

    [Fact]
    public async Task A_key_survives_a_restart()
    {
        var settings = new Dictionary<string, string?> { ["Data__Folder"] = _folder };
        string first;
        await using (ServiceProcess before = await ServiceProcess.StartApiAsync(settings))
        {
            first = await PostAsync(before.Client, "order", 5, 12);
            await before.KillAsync();
        }

        await using ServiceProcess after = await ServiceProcess.StartApiAsync(settings);
        Assert.Equal(first, await PostAsync(after.Client, "order", 5, 12));
        Assert.StartsWith("422 ", await PostAsync(after.Client, "order", 6, 12), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_expires()
    {
        using var api = new StandaloneApi(new() { ["Idempotency:KeepFor"] = "00:00:01", ["Flow:SweepEvery"] = "00:00:00.200" });
        string first = await PostAsync(api.Client, "order", 1, 12);

        await Eventually.TrueAsync(async () => await PostAsync(api.Client, "order", 1, 12) != first, TimeSpan.FromSeconds(30), "the key is free again");
    }

    [Fact]
    public async Task Concurrent_calls_to_two_replicas_create_one_request()
    {
        string database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        Dictionary<string, string?> settings = DistributedSystem.Settings(database, await (await servers.RabbitMqAsync()).CreateVirtualHostAsync());
        await using ServiceProcess one = await ServiceProcess.StartApiAsync(settings);
        await using ServiceProcess two = await ServiceProcess.StartApiAsync(settings);

        for (int round = 0; round < 10; round++)
        {
            string[] answers = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(i => PostAsync((i % 2 == 0 ? one : two).Client, $"order-{round}", 1, 12)));
            Assert.StartsWith("202 ", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        }

        JsonElement all = await one.Client.GetFromJsonAsync<JsonElement>("/api/requests", Cancellation);
        Assert.Equal(10, all.GetProperty("requests").GetArrayLength());
        Assert.StartsWith("422 ", await PostAsync(two.Client, "order-0", 2, 12), StringComparison.Ordinal);
    }

    private static HttpClient Client(StandaloneApi api, string token)
    {
        var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Everything in an answer that a client may rely on.</summary>
    private static async Task<string> PostAsync(HttpClient client, string? key, int quantity, int digits)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/new") { Content = JsonContent.Create(new { quantity, digits }) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        return $"{(int)response.StatusCode} {response.Headers.Location} {await response.Content.ReadAsStringAsync(Cancellation)}";
    }
}
