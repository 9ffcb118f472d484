using System.Net;
using System.Text.Json;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Api.SystemStatus;

/// <summary>The limits, the estimate and the state of the system.</summary>
public sealed class SystemStatusTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_limits_are_the_configured_ones()
    {
        using var strict = new StandaloneApi(new() { ["Limits:MaxDigits"] = "50", ["Limits:MaxQuantity"] = "7", ["Limits:MaxWork"] = "02:00:00" });

        JsonElement limits = await strict.GetAsync("/api/limits");

        Assert.Equal((7, 12, 50), (Int(limits, "max_quantity"), Int(limits, "min_digits"), Int(limits, "max_digits")));
        Assert.Equal((2, 1_000, 20_000), (Int(limits, "max_work_core_hours"), Int(limits, "max_verify_numbers"), Int(limits, "max_verify_digits")));
    }

    [Fact]
    public async Task An_estimate_grows_with_the_work()
    {
        await PresentAsync();
        JsonElement one = await api.GetAsync("/api/estimate?quantity=1&digits=1000");
        JsonElement hundred = await api.GetAsync("/api/estimate?quantity=100&digits=1000");
        JsonElement longer = await api.GetAsync("/api/estimate?quantity=1&digits=2000");

        Assert.Equal(100, hundred.GetProperty("core_seconds").GetDouble() / one.GetProperty("core_seconds").GetDouble(), tolerance: 1);
        Assert.InRange(longer.GetProperty("core_seconds").GetDouble() / one.GetProperty("core_seconds").GetDouble(), 5, 30);
        // Many batches keep every core busy; a single prime has one searcher.
        Assert.Equal(one.GetProperty("core_seconds").GetDouble(), one.GetProperty("seconds").GetDouble(), tolerance: 0.01);
        Assert.Equal(
            hundred.GetProperty("core_seconds").GetDouble() / Environment.ProcessorCount, hundred.GetProperty("seconds").GetDouble(),
            tolerance: hundred.GetProperty("seconds").GetDouble() * 0.01);
        Assert.Equal((1, Environment.ProcessorCount), (Int(one, "workers"), Int(one, "cores")));
    }

    [Theory]
    [InlineData("quantity=0&digits=12", "quantity", "from 1 to 1000000")]
    [InlineData("quantity=1&digits=11", "digits", "from 12 to 10000")]
    [InlineData("digits=12", "quantity", "from 1 to 1000000")]
    [InlineData("quantity=x&digits=12", "quantity", "from 1 to 1000000")]
    [InlineData("quantity=1000000&digits=10000", "quantity", "core-hours")]
    public async Task A_request_outside_the_limits_is_not_estimated(string query, string field, string limit)
    {
        using HttpResponseMessage response = await api.Client.GetAsync($"/api/estimate?{query}", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string? message = (await StandaloneApi.JsonAsync(response)).GetProperty("errors").GetProperty(field)[0].GetString();
        Assert.Contains(limit, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standalone_process_is_shown_busy_and_idle_again()
    {
        await PresentAsync();
        JsonElement worker = Assert.Single((await api.GetAsync("/api/system")).GetProperty("workers").EnumerateArray());
        Assert.Equal($"{Environment.MachineName}/{Environment.ProcessId}", worker.GetProperty("name").GetString());
        Assert.Equal((Environment.ProcessorCount, Environment.ProcessorCount + 2), (Int(worker, "cores"), Int(worker, "consumers")));

        Guid id = await api.AskAsync(1_000_000, 12);
        await UntilAsync(system => system.GetProperty("primes_per_second").GetDouble() > 0, "primes come");
        await UntilAsync(system => system.GetProperty("workers").EnumerateArray().Any(w => Int(w, "busy") > 0), "the worker is busy");
        await UntilAsync(system => Int(system.GetProperty("requests"), "processing") == 1, "a request is processed");
        await UntilAsync(system => system.GetProperty("queue_depth").GetInt64() > 0, "batches wait");

        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
        await UntilAsync(
            system => system.GetProperty("workers").EnumerateArray().Any(w => Int(w, "busy") == 0) && system.GetProperty("primes_per_second").GetDouble() == 0
                && Int(system.GetProperty("requests"), "processing") == 0,
            "it is idle again");
    }

    [Fact]
    public async Task The_history_has_the_requested_length()
    {
        await UntilAsync(_ => true, "it answers");
        await Eventually.TrueAsync(
            async () => (await api.GetAsync("/api/system?history=3")).GetProperty("history").GetArrayLength() == 3, TimeSpan.FromSeconds(60), "3 samples");

        Assert.Equal(0, (await api.GetAsync("/api/system")).GetProperty("history").GetArrayLength());
        DateTimeOffset[] at =
            [.. (await api.GetAsync("/api/system?history=150")).GetProperty("history").EnumerateArray().Select(s => s.GetProperty("at").GetDateTimeOffset())];
        Assert.Equal(at.Order(), at);
        Assert.InRange(at.Length, 3, 150);
    }

    private Task PresentAsync() => UntilAsync(system => system.GetProperty("workers").GetArrayLength() == 1, "the worker is listed");

    private Task UntilAsync(Func<JsonElement, bool> condition, string because) =>
        Eventually.TrueAsync(async () => condition(await api.GetAsync("/api/system")), TimeSpan.FromMinutes(2), because);

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
