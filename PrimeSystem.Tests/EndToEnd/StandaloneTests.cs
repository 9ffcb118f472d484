using System.Net.Http.Json;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>The standalone system as a process: its requests outlive it.</summary>
public sealed class StandaloneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-standalone-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_start_finds_every_request_and_continues_the_unfinished(bool killed)
    {
        Guid finished;
        Guid unfinished;
        string before;
        await using (ServiceProcess first = await StartAsync())
        {
            finished = await AskAsync(first, 5, 12);
            await WaitAsync(first, finished, 5);
            before = await first.Client.GetStringAsync($"/api/result/{finished}", Cancellation);
            unfinished = await AskAsync(first, 150_000, 12);
            await WaitAsync(first, unfinished, 1);
            if (killed)
                await first.KillAsync();
            else
                Assert.Equal(0, await first.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }

        await using ServiceProcess second = await StartAsync();
        Assert.Equal(before, await second.Client.GetStringAsync($"/api/result/{finished}", Cancellation));
        await WaitAsync(second, unfinished, 150_000);

        JsonElement status = await second.Client.GetFromJsonAsync<JsonElement>($"/api/status/{unfinished}", Cancellation);
        Assert.Equal("completed", status.GetProperty("status").GetString());
        string text = await second.Client.GetStringAsync($"/api/result/{unfinished}", Cancellation);
        string[] primes = [.. JsonDocument.Parse(text).RootElement.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
        Assert.Equal(150_000, primes.Distinct().Count());
        Assert.Equal(150_000, primes.Length);
        await OpenSslPrimes.AssertAllPrimeAsync(primes[..1_000]);
    }

    [Fact]
    public async Task A_connection_string_without_the_other_ends_the_start_with_its_name()
    {
        (int code, string output) = await ServiceProcess.RunApiAsync(
            [], new Dictionary<string, string?> { ["ConnectionStrings__primes"] = "Host=127.0.0.1", ["Data__Folder"] = _folder });

        Assert.NotEqual(0, code);
        Assert.Contains("'messaging' is missing", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_out_of_range_ends_the_start_with_its_name()
    {
        (int code, string output) = await ServiceProcess.RunApiAsync(
            [], new Dictionary<string, string?> { ["Flow__Window"] = "0", ["Data__Folder"] = _folder });

        Assert.NotEqual(0, code);
        Assert.Contains("Window", output, StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = _folder });

    private static async Task<Guid> AskAsync(ServiceProcess api, int quantity, int digits)
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetGuid();
    }

    private static Task WaitAsync(ServiceProcess api, Guid id, int generated) => Eventually.TrueAsync(
        async () => (await api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("generated_count").GetInt32() >= generated,
        TimeSpan.FromMinutes(5),
        $"{generated} primes are there");
}
