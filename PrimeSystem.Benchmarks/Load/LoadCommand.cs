using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using PrimeSystem.TestServers.Load;

namespace PrimeSystem.Benchmarks.Load;

/// <summary>Puts the load of many clients on a running Api and prints throughput and latencies. Fails when any answer is the server's error.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] options)
    {
        var url = new Uri(Option(options, "--url", "http://localhost:8000"));
        int clients = int.Parse(Option(options, "--clients", "50"), CultureInfo.InvariantCulture);
        int requests = int.Parse(Option(options, "--requests", "2000"), CultureInfo.InvariantCulture);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
        if (Option(options, "--token", "") is { Length: > 0 } token)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<LoadSample> samples = await new LoadMix(client).RunAsync(clients, requests, CancellationToken.None);
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{clients} clients, {samples.Count:N0} requests in {took.TotalSeconds:0.0} s: {samples.Count / took.TotalSeconds:N0} a second"));
        Console.WriteLine("|  | requests | p50 ms | p99 ms | statuses |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        foreach (IGrouping<string, LoadSample> kind in samples.GroupBy(sample => sample.Name).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Print(kind.Key, [.. kind]);
        Print("all", samples);
        return samples.Any(sample => sample.Status >= 500) ? 1 : 0;
    }

    private static void Print(string name, IReadOnlyList<LoadSample> samples)
    {
        double[] sorted = [.. samples.Select(sample => sample.Took.TotalMilliseconds).Order()];
        IEnumerable<string> statuses = samples.CountBy(sample => sample.Status).OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {sorted.Length:N0} | {sorted[sorted.Length / 2]:0.0} | {sorted[sorted.Length * 99 / 100]:0.0} | {string.Join(", ", statuses)} |"));
    }

    private static string Option(string[] options, string name, string otherwise)
    {
        int index = Array.IndexOf(options, name);
        return index >= 0 && index + 1 < options.Length ? options[index + 1] : otherwise;
    }
}
