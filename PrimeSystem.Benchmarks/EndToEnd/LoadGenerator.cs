using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>Clients that each ask again as soon as they have their answer, on a connection each. They share the machine with whom they ask.</summary>
internal static class LoadGenerator
{
    private const int Clients = 64;
    private const int WarmUp = 5_000;

    /// <summary>Asks for new requests of one 12-digit prime.</summary>
    public static Task<Load> PostAsync(Service service, double seconds) => RunAsync(service, seconds, () =>
        new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, "/api/new"))
        {
            Content = new StringContent("""{"quantity":1,"digits":12}""", Encoding.UTF8, "application/json"),
        });

    /// <summary>Asks for the status of a request.</summary>
    public static Task<Load> StatusAsync(Service service, Guid id, double seconds)
    {
        var address = new Uri(service.Address, $"/api/status/{id}");
        return RunAsync(service, seconds, () => new HttpRequestMessage(HttpMethod.Get, address));
    }

    private static async Task<Load> RunAsync(Service service, double seconds, Func<HttpRequestMessage> create)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = Clients });
        // What was just started is compiled first; the figures are to be those of a service that runs.
        await AllAskAsync(client, create, seconds, atLeast: WarmUp);
        double used = ProcessFigures.ProcessorSeconds(service.Id);
        (IReadOnlyCollection<double> took, double elapsed) = await AllAskAsync(client, create, seconds, atLeast: 0);
        used = ProcessFigures.ProcessorSeconds(service.Id) - used;
        return new Load(took.Count / elapsed, took.Percentile(0.99), used * 1e6 / took.Count);
    }

    private static async Task<(IReadOnlyCollection<double> Took, double Elapsed)> AllAskAsync(
        HttpMessageInvoker client, Func<HttpRequestMessage> create, double seconds, int atLeast)
    {
        var took = new ConcurrentBag<double>();
        long start = Stopwatch.GetTimestamp();
        int asked = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds || asked < atLeast)
            {
                Interlocked.Increment(ref asked);
                took.Add(await AskAsync(client, create));
            }
        })));
        return (took, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task<double> AskAsync(HttpMessageInvoker client, Func<HttpRequestMessage> create)
    {
        using HttpRequestMessage request = create();
        long asked = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
        return Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
    }
}
