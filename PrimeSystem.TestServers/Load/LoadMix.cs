using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PrimeSystem.TestServers.Load;

/// <summary>
/// What many clients ask of an Api at once: orders, looks, results, lists, verifications, cancellations, and some nonsense between them. It counts what
/// comes back and how long that takes; what it means is for those who run it.
/// </summary>
public sealed class LoadMix(HttpClient client)
{
    /// <summary>One request in so many is nonsense.</summary>
    private const int NonsenseEvery = 20;

    private static readonly (string Method, string Path, string? Body)[] Nonsense =
    [
        ("POST", "/api/new", """{"quantity": "many", "digits": 12}"""), ("POST", "/api/new", "{"), ("POST", "/api/new", """{"quantity": 0, "digits": 9999999}"""),
        ("POST", "/api/new", "\0\u0001\u0002"), ("GET", "/api/status/not-an-id", null), ("GET", "/api/result/00000000-0000-0000-0000-000000000000", null),
        ("GET", "/api/requests?limit=-1&cursor=%00", null), ("DELETE", "/api/requests/%2e%2e%2f", null), ("PUT", "/api/new", "{}"), ("GET", "/api/v9/requests", null),
        ("POST", "/api/verify", """{"numbers": ["-1", "0x11", ""]}"""), ("GET", "/%ff/%c0%af", null),
    ];

    /// <summary>Sends requests, each client one after another.</summary>
    /// <param name="clients">Clients at the same time.</param>
    /// <param name="requests">Requests of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<LoadSample>> RunAsync(int clients, int requests, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, clients).Select(seed => RunClientAsync(seed, requests, cancellationToken)))).SelectMany(samples => samples)];

    private async Task<List<LoadSample>> RunClientAsync(int seed, int requests, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var samples = new List<LoadSample>(requests);
        var ids = new List<string>();
        for (int i = 0; i < requests; i++)
        {
            (string name, string method, string path, string? body) = Next(random, ids);
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await SendAsync(method, path, body, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            samples.Add(new LoadSample(name, (int)response.StatusCode, Stopwatch.GetElapsedTime(start)));
            if (name == "new" && response.IsSuccessStatusCode)
                ids.Add(JsonDocument.Parse(text).RootElement.GetProperty("request_id").GetString()!);
        }
        return samples;
    }

    private static (string Name, string Method, string Path, string? Body) Next(Random random, List<string> ids)
    {
        if (random.Next(NonsenseEvery) == 0)
        {
            (string method, string path, string? body) = Nonsense[random.Next(Nonsense.Length)];
            return ("nonsense", method, path, body);
        }
        if (ids.Count == 0)
            return ("new", "POST", "/api/new", """{"quantity": 3, "digits": 20}""");
        string id = ids[random.Next(ids.Count)];
        return random.Next(100) switch
        {
            < 20 => ("new", "POST", "/api/new", $$"""{"quantity": {{random.Next(1, 20)}}, "digits": {{random.Next(12, 60)}}}"""),
            < 60 => ("status", "GET", $"/api/status/{id}", null),
            < 80 => ("result", "GET", $"/api/result/{id}", null),
            < 88 => ("list", "GET", "/api/requests?limit=20", null),
            < 94 => ("verify", "POST", "/api/verify", """{"numbers": ["561", "2305843009213693951"]}"""),
            < 97 => ("cancel", "DELETE", $"/api/requests/{id}", null),
            _ => ("purge", "DELETE", $"/api/requests/{id}?purge=true", null),
        };
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request, cancellationToken);
    }
}
