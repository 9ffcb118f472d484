namespace PrimeSystem.Tests.Observation;

/// <summary>A span as it arrived by OTLP.</summary>
internal sealed record RecordedSpan(
    string Service, string Source, string TraceId, string SpanId, string ParentId, string Name, int Kind, ulong Start, ulong End, bool HasError,
    IReadOnlyList<string> LinkedTraces, IReadOnlyDictionary<string, string> Attributes)
{
    public const int Server = 2;
    public const int Client = 3;
    public const int Producer = 4;
    public const int Consumer = 5;

    /// <summary>Reads a request of the trace service (opentelemetry/proto/collector/trace/v1).</summary>
    public static IEnumerable<RecordedSpan> ReadAll(ReadOnlyMemory<byte> request) =>
        from resourceSpans in new WireMessage(request).Messages(1)
        let service = ReadAttributes(resourceSpans.Message(1)?.Messages(1) ?? [])["service.name"]
        from scopeSpans in resourceSpans.Messages(2)
        from span in scopeSpans.Messages(2)
        select new RecordedSpan(
            service,
            scopeSpans.Message(1)?.Text(1) ?? "",
            span.Hex(1),
            span.Hex(2),
            span.Hex(4),
            span.Text(5),
            (int)(span.Number(6) ?? 0),
            span.Number(7) ?? 0,
            span.Number(8) ?? 0,
            span.Message(15)?.Number(3) == 2,
            [.. span.Messages(13).Select(link => link.Hex(1))],
            ReadAttributes(span.Messages(9)));

    private static Dictionary<string, string> ReadAttributes(IEnumerable<WireMessage> attributes) =>
        attributes.ToDictionary(attribute => attribute.Text(1), attribute => ReadValue(attribute.Message(2)!));

    private static string ReadValue(WireMessage value) => value.Number(3)?.ToString() ?? value.Text(1);
}
