using System.Net.Http.Json;
using PrimeSystem.Requests.Queue.RabbitMq;
using PrimeSystem.Tests.EndToEnd;
using PrimeSystem.Tests.Infrastructure;

namespace PrimeSystem.Tests.Observation;

/// <summary>The trace of a request, through all processes.</summary>
public sealed class TraceTests(SharedServers servers)
{
    private const string Api = "PrimeSystem.Api";
    private const string Worker = "PrimeSystem.Worker";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_leads_from_the_call_through_the_message_to_the_batch_and_its_transaction()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using DistributedSystem system = await StartAsync(receiver.Settings);

        Guid id = await system.AskAsync(12_000, 12);
        await system.CompletesAsync(id);

        IReadOnlyList<RecordedSpan> trace = await TraceOfAsync(receiver, id, spans => Batches(spans).Count(IsComplete(spans)) == 3);
        RecordedSpan call = Assert.Single(trace, span => span.Kind == RecordedSpan.Server);
        Assert.Equal((Api, "POST /api/new"), (call.Service, call.Name));
        Assert.Equal("", call.ParentId);
        Assert.Equal("12", call.Attributes["primesystem.digits"]);
        Assert.Contains(trace, span => span.ParentId == call.SpanId && span.Service == Api && span.Name == "store request");
        RecordedSpan dispatch = Assert.Single(trace, span => span.Name == "dispatch request");
        Assert.Equal((Api, call.SpanId, RecordedSpan.Producer), (dispatch.Service, dispatch.ParentId, dispatch.Kind));

        Assert.Equal(["0", "1", "2"], Batches(trace).Select(span => span.Attributes["primesystem.batch.number"]).Order());
        Assert.All(Batches(trace), batch =>
        {
            Assert.Equal((Worker, call.SpanId, RecordedSpan.Consumer), (batch.Service, batch.ParentId, batch.Kind));
            Assert.Equal($"{id}", batch.Attributes["primesystem.request.id"]);
            Assert.Equal("12", batch.Attributes["primesystem.digits"]);
            Assert.Equal(batch.Attributes["primesystem.batch.number"] == "2" ? "2000" : "5000", batch.Attributes["primesystem.batch.size"]);
            Assert.Equal("acknowledge", batch.Attributes["primesystem.outcome"]);
            Assert.Single(trace, span => span.ParentId == batch.SpanId && span.Name == "search primes");
            RecordedSpan commit = Assert.Single(trace, span => span.ParentId == batch.SpanId && span.Name == "commit batch");
            RecordedSpan[] statements = [.. trace.Where(span => span.ParentId == commit.SpanId)];
            Assert.Contains(statements, span => IsStatement(span, "INSERT INTO batches"));
            Assert.Contains(statements, span => span.Name == "COPY FROM");
            Assert.All(statements, span => Assert.True(span.Start >= commit.Start && span.End <= commit.End));
        });
        // What looks for work every few seconds makes no traces of its own.
        Assert.DoesNotContain(receiver.Spans, span => span.ParentId == "" && span.Source == "Npgsql");
    }

    [Fact]
    public async Task A_callers_own_trace_is_continued()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using DistributedSystem system = await StartAsync(receiver.Settings);
        const string TraceId = "0af7651916cd43dd8448eb211c80319c";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/new") { Content = JsonContent.Create(new { quantity = 1, digits = 12 }) };
        request.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");

        using HttpResponseMessage response = await system.Api.Client.SendAsync(request, Cancellation);
        response.EnsureSuccessStatusCode();

        await Eventually.TrueAsync(
            () => Task.FromResult(Batches(receiver.Spans).Any(span => span.TraceId == TraceId)), TimeSpan.FromSeconds(60), "the batch is in the caller's trace");
    }

    [Fact]
    public async Task A_request_that_the_sweeper_dispatches_and_a_slice_that_is_handed_back_stay_in_their_trace()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        // The queue counts as full until what is in it is gone, so the sweeper has to bring the request.
        await using DistributedSystem system = await StartAsync(
            new(receiver.Settings)
            {
                ["Flow__DispatchAfter"] = "00:00:01",
                ["Flow__SweepEvery"] = "00:00:00.500",
                ["Flow__MaxReady"] = "1",
                ["Flow__Slice"] = "00:00:00.200",
                ["Flow__RaceAbove"] = "01:00:00",
            },
            workers: 0);
        await system.Broker.PublishAsync(Topology.Batches, $$"""{"request_id":"{{Guid.NewGuid()}}","batch":0}""");
        await system.Broker.PublishAsync(Topology.Batches, $$"""{"request_id":"{{Guid.NewGuid()}}","batch":0}""");
        // The dispatcher believes for a second what it read.
        await Task.Delay(2_000, Cancellation);
        Guid id = await system.AskAsync(1, 3_000);
        await Task.Delay(2_000, Cancellation);
        Assert.Equal(2u, await system.Broker.ReadyAsync(Topology.Batches));

        await system.StartWorkerAsync();
        IReadOnlyList<RecordedSpan> trace = await TraceOfAsync(
            receiver, id, spans => Batches(spans).Count(span => span.Attributes.GetValueOrDefault("primesystem.outcome") == "handback") >= 2);
        await system.Api.Client.DeleteAsync($"/api/requests/{id}", Cancellation);

        RecordedSpan call = Assert.Single(trace, span => span.Kind == RecordedSpan.Server);
        Assert.All(Batches(trace), batch => Assert.Equal(call.SpanId, batch.ParentId));
        Assert.Equal(call.SpanId, Assert.Single(trace, span => span.Name == "dispatch request").ParentId);
    }

    [Fact]
    public async Task Batches_beyond_the_first_hundred_are_traces_of_their_own_with_a_link_to_the_requests()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using DistributedSystem system = await StartAsync(receiver.Settings);
        Guid id = await system.AskAsync(510_000, 12);
        await system.CompletesAsync(id, sample: 10);

        IReadOnlyList<RecordedSpan> batches = [];
        await Eventually.TrueAsync(
            () =>
            {
                batches = [.. Batches(receiver.Spans).Where(span => span.Attributes["primesystem.request.id"] == $"{id}")];
                return Task.FromResult(batches.Count == 102);
            },
            TimeSpan.FromSeconds(60),
            "all batches are recorded");

        string trace = Assert.Single(batches.Where(span => span.LinkedTraces.Count == 0).Select(span => span.TraceId).Distinct());
        RecordedSpan[] apart = [.. batches.Where(span => span.TraceId != trace)];
        Assert.Equal(["100", "101"], apart.Select(span => span.Attributes["primesystem.batch.number"]).Order());
        Assert.All(apart, span => Assert.Equal(("", trace), (span.ParentId, Assert.Single(span.LinkedTraces))));
    }

    [Fact]
    public async Task Without_anybody_who_records_nothing_of_a_trace_travels()
    {
        await using DistributedSystem system = await StartAsync([], workers: 0);
        await system.AskAsync(20_000, 12);
        await Eventually.TrueAsync(
            async () => await system.Broker.ReadyAsync(Topology.Express) == 4, TimeSpan.FromSeconds(30), "the batches are in the queue");

        Assert.All(await system.Broker.PeekAsync(Topology.Express), message => Assert.False(message.BasicProperties.IsHeadersPresent()
            && message.BasicProperties.Headers!.ContainsKey("traceparent")));
        Assert.Equal(0, await system.QueryAsync<int>("SELECT count(traceparent) FROM requests"));
    }

    private static IEnumerable<RecordedSpan> Batches(IEnumerable<RecordedSpan> spans) => spans.Where(span => span.Name == "process batch");

    private static Func<RecordedSpan, bool> IsComplete(IEnumerable<RecordedSpan> spans) =>
        batch => spans.Any(span => span.Name == "commit batch" && span.ParentId == batch.SpanId);

    private static bool IsStatement(RecordedSpan span, string start) =>
        span.Kind == RecordedSpan.Client && span.Attributes.GetValueOrDefault("db.query.text", "").TrimStart().StartsWith(start, StringComparison.Ordinal);

    /// <summary>Waits until the trace in which a request was accepted meets a condition.</summary>
    private static async Task<IReadOnlyList<RecordedSpan>> TraceOfAsync(OtlpReceiver receiver, Guid id, Func<IReadOnlyList<RecordedSpan>, bool> isWanted)
    {
        IReadOnlyList<RecordedSpan> trace = [];
        await Eventually.TrueAsync(
            () =>
            {
                IReadOnlyList<RecordedSpan> spans = receiver.Spans;
                string? traceId = spans.FirstOrDefault(span =>
                    span.Name == "POST /api/new" && span.Attributes.GetValueOrDefault("primesystem.request.id") == $"{id}")?.TraceId;
                trace = [.. spans.Where(span => span.TraceId == traceId)];
                return Task.FromResult(traceId is not null && isWanted(trace));
            },
            TimeSpan.FromMinutes(2),
            "the trace is complete");
        return trace;
    }

    private async Task<DistributedSystem> StartAsync(Dictionary<string, string?> settings, int workers = 1) =>
        await DistributedSystem.StartAsync(await servers.PostgresAsync(), await servers.RabbitMqAsync(), workers, settings);
}
