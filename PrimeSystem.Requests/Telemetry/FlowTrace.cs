using System.Diagnostics;
using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// The spans of the flow, by the source <c>PrimeSystem</c>. The context that travels, in the request's row and in the headers of its messages, is that of
/// the call that accepted the request; so all spans of a request hang on that one and the trace stays flat, whatever is handed back or dispatched anew.
/// Without anybody who records, nothing travels and no span is made.
/// </summary>
internal static class FlowTrace
{
    /// <summary>
    /// Batches from this number on are traces of their own with a link to the request's: stores of traces give up on hundreds of thousands of spans, and so
    /// do readers.
    /// </summary>
    public const int BatchesPerTrace = 100;

    private static readonly ActivitySource Source = new("PrimeSystem");

    /// <summary>The context to keep with a request that is accepted now: null unless the call is recorded.</summary>
    public static string? Capture() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>A call's request is stored, in a transaction that others may share.</summary>
    public static Activity? StartStore() => Start("store request");

    /// <summary>Says on the current span which request it is about.</summary>
    public static void Describe(PrimeRequest request)
    {
        if (Activity.Current is { IsAllDataRequested: true } span)
            Describe(span, request);
    }

    /// <summary>Tells afterwards that a request was put into the queue.</summary>
    public static void Dispatched(PrimeRequest request, DateTimeOffset start)
    {
        if (!Source.HasListeners() || !ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out ActivityContext context))
            return;
        using Activity? span = Source.StartActivity("dispatch request", ActivityKind.Producer, context, startTime: start);
        span?.SetTag("messaging.operation.type", "send");
        if (span is not null)
            Describe(span, request);
    }

    /// <summary>A worker takes a delivery.</summary>
    public static Activity? StartBatch(BatchMessage message)
    {
        if (!Source.HasListeners())
            return null;
        bool hasContext = ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out ActivityContext context);
        bool isPart = hasContext && message.Batch < BatchesPerTrace;
        Activity? span = Source.StartActivity(
            "process batch", ActivityKind.Consumer, isPart ? context : default, links: hasContext && !isPart ? [new ActivityLink(context)] : null);
        span?.SetTag("messaging.operation.type", "process");
        span?.SetTag("primesystem.request.id", message.RequestId.ToString());
        span?.SetTag("primesystem.batch.number", message.Batch);
        return span;
    }

    /// <summary>A worker searches for the primes of a batch.</summary>
    public static Activity? StartSearch(PrimeRequest request, int count)
    {
        if (Activity.Current is { IsAllDataRequested: true } batch && batch.Source == Source)
        {
            Describe(batch, request);
            batch.SetTag("primesystem.batch.size", count);
        }
        return Start("search primes");
    }

    /// <summary>A worker stores a batch, in one transaction.</summary>
    public static Activity? StartCommit() => Start("commit batch");

    /// <summary>A worker puts the batch that is due next into the queue.</summary>
    public static Activity? StartPublish(int batch) => Start("publish batch", ActivityKind.Producer)?.SetTag("primesystem.batch.number", batch);

    /// <summary>Records the outcome of a delivery.</summary>
    public static void Processed(Activity? span, string outcome) => span?.SetTag("primesystem.outcome", outcome);

    /// <summary>The current span failed.</summary>
    public static void Failed(string reason) => Activity.Current?.SetStatus(ActivityStatusCode.Error, reason);

    /// <summary>A part of a call or a batch; there is none without it.</summary>
    private static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Activity.Current is null ? null : Source.StartActivity(name, kind);

    private static void Describe(Activity span, PrimeRequest request)
    {
        span.SetTag("primesystem.request.id", request.Id.ToString());
        span.SetTag("primesystem.digits", request.Digits);
        span.SetTag("primesystem.quantity", request.Quantity);
    }
}
