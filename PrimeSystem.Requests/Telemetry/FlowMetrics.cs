using System.Diagnostics.Metrics;
using PrimeSystem.Primes;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>
/// The instruments of the flow of requests, on the meter <c>PrimeSystem</c>. <c>docs/OBSERVE.md</c> lists them. Gauges of the queue and the database hold
/// what <see cref="MetricsSampler"/> read last, so that a scrape asks neither.
/// </summary>
public sealed class FlowMetrics
{
    public const string MeterName = "PrimeSystem";

    private static readonly double[] HeldBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
    private static readonly double[] DispatchBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    private static readonly double[] RequestBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];

    // From half a microsecond for 12 digits to minutes for 10,000.
    private static readonly double[] PrimeBounds = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _stalled;
    private readonly Counter<long> _dispatchFailures;
    private readonly Counter<long> _redelivered;
    private readonly Counter<long> _primes;
    private readonly Counter<double> _searchTime;
    private readonly Histogram<double> _held;
    private readonly Histogram<double> _primeDuration;
    private readonly Histogram<double> _dispatch;
    private readonly Histogram<double> _firstPrime;
    private readonly Histogram<double> _duration;

    private int _consumers;
    private int _busy;
    private long _stored;
    private volatile QueueDepth? _depth;
    private volatile UnfinishedRequests? _unfinished;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="generator">The generator of this process, if it is a worker.</param>
    public FlowMetrics(IMeterFactory meters, PrimeGenerator? generator = null)
    {
        _meter = meters.Create(MeterName);
        _accepted = _meter.CreateCounter<long>("primesystem.requests.accepted", "{request}", "Requests accepted.");
        _ended = _meter.CreateCounter<long>("primesystem.requests.ended", "{request}", "Requests ended, by the status in which they did.");
        _stalled = _meter.CreateCounter<long>("primesystem.requests.stalled", "{request}", "Requests that stalled and were dispatched again.");
        _dispatchFailures = _meter.CreateCounter<long>("primesystem.dispatch.failures", "{dispatch}", "Tries to dispatch requests that failed.");
        _redelivered = _meter.CreateCounter<long>("primesystem.deliveries.redelivered", "{delivery}", "Deliveries that another consumer had before.");
        _primes = _meter.CreateCounter<long>("primesystem.primes.committed", "{prime}", "Primes stored.");
        _searchTime = _meter.CreateCounter<double>("primesystem.search.time", "s", "Core time spent searching, whether or not it led to a prime.");
        _held = Histogram("primesystem.delivery.duration", "How long a worker held a delivery before it settled it.", HeldBounds);
        _primeDuration = Histogram("primesystem.prime.duration", "Core time to find a prime, the mean of its batch.", PrimeBounds);
        _dispatch = Histogram("primesystem.request.dispatch.duration", "From the acceptance of a request to its first batches in the queue.", DispatchBounds);
        _firstPrime = Histogram("primesystem.request.first_prime.duration", "From the acceptance of a request to its first primes.", RequestBounds);
        _duration = Histogram("primesystem.request.duration", "From the acceptance of a request to its completion.", RequestBounds);

        if (generator is not null)
        {
            _meter.CreateObservableCounter(
                "primesystem.candidates.tested", () => generator.CandidatesTested, "{candidate}", "Numbers put to a primality test.");
        }
        _meter.CreateObservableUpDownCounter("primesystem.consumer.count", () => Volatile.Read(ref _consumers), "{consumer}", "Consumers of this process.");
        _meter.CreateObservableUpDownCounter("primesystem.consumer.busy", () => Volatile.Read(ref _busy), "{consumer}", "Consumers that work on a delivery.");
        _meter.CreateObservableGauge("primesystem.queue.messages", Messages, "{message}", "Messages that wait, as this process last saw them.");
        _meter.CreateObservableGauge("primesystem.queue.consumers", Consumers, "{consumer}", "Consumers of all processes, as the broker counts them.");
        _meter.CreateObservableGauge("primesystem.requests.unfinished", Unfinished, "{request}", "Requests that have not ended, by status.");
        _meter.CreateObservableGauge("primesystem.requests.undispatched", Undispatched, "{request}", "Unfinished requests that are not in the queue.");
    }

    /// <summary>Consumers of this process that process a delivery.</summary>
    internal int Busy => Volatile.Read(ref _busy);

    /// <summary>Primes that this process has stored.</summary>
    internal long PrimesStored => Interlocked.Read(ref _stored);

    /// <summary>Whether an instrument belongs to this system; a test process can contain several.</summary>
    internal bool Owns(Instrument instrument) => instrument.Meter == _meter;

    /// <summary>Starts the counters of rare events at 0, so that the first event shows as an increase.</summary>
    internal void ShowZeros()
    {
        foreach (Counter<long> counter in new[] { _accepted, _stalled, _dispatchFailures, _redelivered })
            counter.Add(0);
        foreach (RequestStatus status in Enum.GetValues<RequestStatus>().Where(status => status.IsEnded()))
            _ended.Add(0, Tag("status", status.Name()));
    }

    internal void Accepted() => _accepted.Add(1);

    internal void Cancelled() => _ended.Add(1, Tag("status", RequestStatus.Cancelled.Name()));

    internal void Failed() => _ended.Add(1, Tag("status", RequestStatus.Failed.Name()));

    internal void Stalled() => _stalled.Add(1);

    internal void Dispatched(TimeSpan sinceAcceptance) => _dispatch.Record(Seconds(sinceAcceptance));

    internal void DispatchFailed() => _dispatchFailures.Add(1);

    internal void Sampled(QueueDepth? depth) => _depth = depth;

    internal void Sampled(UnfinishedRequests? unfinished) => _unfinished = unfinished;

    internal void Consuming(int consumers) => Interlocked.Add(ref _consumers, consumers);

    internal void Began(BatchMessage message)
    {
        Interlocked.Increment(ref _busy);
        if (message.MayHaveRun || message.LostDeliveries > 0)
            _redelivered.Add(1);
    }

    /// <summary>A delivery was processed.</summary>
    /// <param name="outcome">Its outcome; null if the delivery was lost.</param>
    /// <param name="held">How long it was held.</param>
    internal void Ended(string? outcome, TimeSpan held)
    {
        Interlocked.Decrement(ref _busy);
        _held.Record(held.TotalSeconds, Tag("outcome", outcome ?? "lost"));
    }

    internal void Searched(int digits, TimeSpan took, int found, int wanted)
    {
        KeyValuePair<string, object?> digitClass = Tag("digits", DigitClass.Of(digits));
        _searchTime.Add(took.TotalSeconds, digitClass);
        if (found == wanted)
            _primeDuration.Record(took.TotalSeconds / found, digitClass);
    }

    internal void Committed(PrimeRequest request, int primes, int generatedCount, TimeSpan sinceAcceptance)
    {
        KeyValuePair<string, object?> digitClass = Tag("digits", DigitClass.Of(request.Digits));
        Interlocked.Add(ref _stored, primes);
        _primes.Add(primes, digitClass);
        if (generatedCount == primes)
            _firstPrime.Record(Seconds(sinceAcceptance), digitClass);
        if (generatedCount == request.Quantity)
        {
            _ended.Add(1, Tag("status", RequestStatus.Completed.Name()));
            _duration.Record(Seconds(sinceAcceptance), digitClass);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    /// <summary>The seconds, at least 0 since the clocks of two machines differ.</summary>
    private static double Seconds(TimeSpan span) => Math.Max(0, span.TotalSeconds);

    private Histogram<double> Histogram(string name, string description, double[] bounds) => _meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private Measurement<long>[] Messages() => _depth is not { } depth ? [] :
    [
        new(depth.Batches.Ready, Tag("queue", "batches")),
        new(depth.Express.Ready, Tag("queue", "express")),
        new(depth.DeadLetters, Tag("queue", "dead")),
    ];

    private Measurement<int>[] Consumers() => _depth is not { } depth ? [] :
    [
        new(depth.Batches.Consumers, Tag("queue", "batches")),
        new(depth.Express.Consumers, Tag("queue", "express")),
    ];

    private Measurement<long>[] Unfinished() => _unfinished is not { } unfinished ? [] :
    [
        new(unfinished.Pending, Tag("status", RequestStatus.Pending.Name())),
        new(unfinished.Processing, Tag("status", RequestStatus.Processing.Name())),
    ];

    private Measurement<long>[] Undispatched() => _unfinished is not { } unfinished ? [] : [new(unfinished.Undispatched)];
}
