using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Clients that each ask again as soon as they have their answer, on a connection each. They share the machine with whom they ask.</summary>
internal static class LoadGenerator
{
    private const int Clients = 64;

    /// <summary>Asks for new requests of one 12-digit prime.</summary>
    public static Task<(double PerSecond, double P99)> PostAsync(Service service, double seconds) => RunAsync(seconds, () =>
        new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, "/api/new"))
        {
            Content = new StringContent("""{"quantity":1,"digits":12}""", Encoding.UTF8, "application/json"),
        });

    /// <summary>Asks for the status of a request.</summary>
    public static Task<(double PerSecond, double P99)> StatusAsync(Service service, Guid id, double seconds)
    {
        var address = new Uri(service.Address, $"/api/status/{id}");
        return RunAsync(seconds, () => new HttpRequestMessage(HttpMethod.Get, address));
    }

    private static async Task<(double PerSecond, double P99)> RunAsync(double seconds, Func<HttpRequestMessage> create)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = Clients });
        await AskAsync(client, create, Stopwatch.GetTimestamp(), seconds / 4, []);
        var took = new ConcurrentBag<double>();
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(client, create, start, seconds, took))));
        return (took.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, took.Percentile(0.99));
    }

    private static async Task AskAsync(HttpMessageInvoker client, Func<HttpRequestMessage> create, long start, double seconds, ConcurrentBag<double> took)
    {
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            using HttpRequestMessage request = create();
            long asked = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null);
            took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
    }
}
