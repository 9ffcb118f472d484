using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Observation;

/// <summary>A collector that receives OTLP (HTTP, protobuf) and keeps the spans.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedSpan> _spans = new();
    private readonly string _url = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(_url);
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (context.Request.Path == "/v1/traces")
            {
                foreach (RecordedSpan span in RecordedSpan.ReadAll(body.ToArray()))
                    _spans.Enqueue(span);
            }
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    /// <summary>The spans received so far.</summary>
    public IReadOnlyList<RecordedSpan> Spans => [.. _spans];

    /// <summary>The settings with which a process sends here without delay.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Fails unless each query is a step of something recorded: a query of its own would crowd the list of traces.</summary>
    public Task EveryQueryIsPartOfATraceAsync() => Eventually.TrueAsync(
        () => Task.FromResult(!Lone(Spans).Any()), TimeSpan.FromSeconds(10), "every query has its parent", () => string.Join('\n', Lone(Spans)));

    private static IEnumerable<RecordedSpan> Lone(IReadOnlyList<RecordedSpan> spans)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        return spans.Where(span => span.Source == "Npgsql" && !ids.Contains(span.ParentId));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
