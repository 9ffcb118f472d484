using System.Net;
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
    public async Task A_full_disk_is_an_outage_that_is_reported_once_and_ends_when_there_is_room()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 3);
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = disk.Folder });
        Guid id = await AskAsync(api, 300_000, 12);
        await Eventually.TrueAsync(async () => (await HealthAsync(api)).Contains("disk is full", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "the disk is full");
        // A small request may still find room between two batches.
        string? problem = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);
                problem = response.StatusCode == HttpStatusCode.ServiceUnavailable ? await response.Content.ReadAsStringAsync(Cancellation) : null;
                return problem is not null;
            },
            TimeSpan.FromMinutes(1),
            "a request is refused");
        Assert.Contains("disk is full", problem, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        Assert.Contains("disk is full", await HealthAsync(api), StringComparison.Ordinal);

        await disk.GrowAsync(megabytes: 200);

        await WaitAsync(api, id, 300_000);
        await Eventually.TrueAsync(async () => !(await HealthAsync(api)).Contains("disk is full", StringComparison.Ordinal), TimeSpan.FromMinutes(1), "the outage ends");
        // A call that is answered with 503 is logged as well.
        string[] lines = [.. api.Output.Split('\n').Where(line => !line.Contains("was answered with 503", StringComparison.Ordinal))];
        Assert.InRange(lines.Count(line => line.Contains("outage began", StringComparison.Ordinal)), 1, 2);
        Assert.Equal(
            lines.Count(line => line.Contains("outage began", StringComparison.Ordinal)), lines.Count(line => line.Contains("outage ended", StringComparison.Ordinal)));
        Assert.InRange(lines.Count(line => line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal)), 1, 2);
    }

    [Theory]
    [InlineData("ConnectionStrings__primes", "Host=127.0.0.1", "'messaging' is missing")]
    [InlineData("Flow__Window", "0", "Flow:Window must be between 1 and 100000")]
    [InlineData("Flow__Window", "many", "Flow:Window")]
    [InlineData("Data__Folder", "/proc/nowhere", "Data:Folder must be a folder that can be written to")]
    [InlineData("Metrics__Url", "9464", "Metrics:Url must be an address")]
    public Task A_setting_that_is_wrong_ends_the_start_with_its_name(string setting, string value, string expected) =>
        DoesNotStartAsync([], new() { [setting] = value }, expected);

    [Fact]
    public async Task A_port_or_a_folder_in_use_ends_the_start_with_the_setting_to_change()
    {
        await using ServiceProcess first = await StartAsync();

        await DoesNotStartAsync([], [], "Data:Folder is in use by another process");
        string other = Directory.CreateTempSubdirectory("primes-standalone-").FullName;
        await DoesNotStartAsync(["--urls", first.Client.BaseAddress!.ToString()], new() { ["Data__Folder"] = other }, "address already in use. Choose another address with --urls");
        Directory.Delete(other, recursive: true);
    }

    private async Task DoesNotStartAsync(string[] arguments, Dictionary<string, string?> settings, string expected)
    {
        settings.TryAdd("Data__Folder", _folder);

        (int code, string output) = await ServiceProcess.RunApiAsync(arguments, settings);

        Assert.Equal(1, code);
        string line = Assert.Single(output.Split('\n'), line => line.Contains("cannot start", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = _folder });

    private static async Task<Guid> AskAsync(ServiceProcess api, int quantity, int digits)
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new { quantity, digits }, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetGuid();
    }

    private static async Task<string> HealthAsync(ServiceProcess api)
    {
        using HttpResponseMessage health = await api.Client.GetAsync("/health", Cancellation);
        return await health.Content.ReadAsStringAsync(Cancellation);
    }

    private static Task WaitAsync(ServiceProcess api, Guid id, int generated) => Eventually.TrueAsync(
        async () => (await api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("generated_count").GetInt32() >= generated,
        TimeSpan.FromMinutes(5),
        $"{generated} primes are there");
}
