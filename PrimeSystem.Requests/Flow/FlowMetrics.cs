using System.Diagnostics.Metrics;
using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Flow;

/// <summary>The instruments of the flow, on the meter <c>PrimeSystem</c>.</summary>
public sealed class FlowMetrics
{
    public const string MeterName = "PrimeSystem";

    private readonly Histogram<double> _held;
    private readonly Counter<long> _primes;

    public FlowMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _held = meter.CreateHistogram<double>(
            "primesystem.delivery.duration", "s", "How long a worker held a delivery before it settled it.");
        _primes = meter.CreateCounter<long>("primesystem.primes.committed", "{prime}", "Primes stored.");
    }

    /// <summary>Whether an instrument is one of these: a process can have several systems in it.</summary>
    internal bool Owns(Instrument instrument) => instrument == _held || instrument == _primes;

    internal void Settled(Settlement settlement, TimeSpan held) =>
        _held.Record(held.TotalSeconds, new KeyValuePair<string, object?>("outcome", settlement.GetType().Name.ToLowerInvariant()));

    internal void Committed(int digits, int primes) => _primes.Add(primes, new KeyValuePair<string, object?>("digits", digits));
}
