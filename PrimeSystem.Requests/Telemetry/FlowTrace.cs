using System.Diagnostics;
using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// The spans of the flow of requests, from the source <c>PrimeSystem</c>. All spans of a request are children of the call that accepted it, whose context
/// is in the request's row and in the headers of its messages. So the trace stays flat, whatever is handed back or dispatched again. Without a listener
/// there is no context and no span.
/// </summary>
internal static class FlowTrace
{
    /// <summary>
    /// The number from which on each batch has a trace of its own with a link to that of the request: neither trace stores nor people cope with hundreds of
    /// thousands of spans.
    /// </summary>
    public const int BatchesPerTrace = 100;

    private static readonly ActivitySource Source = new("PrimeSystem");

    /// <summary>The context to store with a request that is accepted now; null unless the call is recorded.</summary>
    public static string? Capture() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Starts the span of storing a request, in a transaction that others may share.</summary>
    public static Activity? StartStore() => Start("store request");

    /// <summary>Records on the current span to which request it belongs.</summary>
    public static void Describe(PrimeRequest request)
    {
        if (Activity.Current is { IsAllDataRequested: true } span)
            Describe(span, request);
    }

    /// <summary>Records, afterwards, that a request was dispatched.</summary>
    public static void Dispatched(PrimeRequest request, DateTimeOffset start)
    {
        if (!Source.HasListeners() || !ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out ActivityContext context))
            return;
        using Activity? span = Source.StartActivity("dispatch request", ActivityKind.Producer, context, startTime: start);
        span?.SetTag("messaging.operation.type", "send");
        if (span is not null)
            Describe(span, request);
    }

    /// <summary>Starts the span of a delivery.</summary>
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

    /// <summary>Starts the span of the search for the primes of a batch.</summary>
    public static Activity? StartSearch(PrimeRequest request, int count)
    {
        if (Activity.Current is { IsAllDataRequested: true } batch && batch.Source == Source)
        {
            Describe(batch, request);
            batch.SetTag("primesystem.batch.size", count);
        }
        return Start("search primes");
    }

    /// <summary>Starts the span of the transaction that stores a batch.</summary>
    public static Activity? StartCommit() => Start("commit batch");

    /// <summary>Starts the span of publishing the batch that is due next.</summary>
    public static Activity? StartPublish(int batch) => Start("publish batch", ActivityKind.Producer)?.SetTag("primesystem.batch.number", batch);

    /// <summary>Records the outcome of a delivery.</summary>
    public static void Processed(Activity? span, string outcome) => span?.SetTag("primesystem.outcome", outcome);

    /// <summary>Records that the current span failed.</summary>
    public static void Failed(string reason) => Activity.Current?.SetStatus(ActivityStatusCode.Error, reason);

    /// <summary>Starts a span within that of a call or a batch, if there is one.</summary>
    private static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Activity.Current is null ? null : Source.StartActivity(name, kind);

    private static void Describe(Activity span, PrimeRequest request)
    {
        span.SetTag("primesystem.request.id", request.Id.ToString());
        span.SetTag("primesystem.digits", request.Digits);
        span.SetTag("primesystem.quantity", request.Quantity);
    }
}
