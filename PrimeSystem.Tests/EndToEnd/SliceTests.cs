using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PrimeSystem.Requests.Telemetry;
using PrimeSystem.Tests.Api;

namespace PrimeSystem.Tests.EndToEnd;

/// <summary>Long searches run in slices.</summary>
public sealed class SliceTests
{
    [Fact]
    public async Task A_search_longer_than_its_slice_is_handed_back_in_time_and_still_completes()
    {
        var held = new ConcurrentBag<(double Seconds, string Outcome)>();
        using var listener = new MeterListener();
        using var api = new StandaloneApi(new() { ["Flow:Slice"] = "00:00:00.200" });
        var ours = api.Service<FlowMetrics>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "primesystem.delivery.duration" && ours.Owns(instrument))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => held.Add((seconds, (string)tags[0].Value!)));
        listener.Start();

        // Several, so that at least one of them takes longer than a slice.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.AskAndWaitAsync(1, 1_400)));

        double[] handedBack = [.. held.Where(delivery => delivery.Outcome == "handback").Select(delivery => delivery.Seconds)];
        Assert.NotEmpty(handedBack);
        // A slice and a group of candidates; a whole search takes many times as long.
        Assert.All(handedBack, seconds => Assert.InRange(seconds, 0.2, 5));
    }
}
