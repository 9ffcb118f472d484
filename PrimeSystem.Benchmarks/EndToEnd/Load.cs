namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>How a service bore a load.</summary>
/// <param name="PerSecond">Answers per second.</param>
/// <param name="P99">Milliseconds within which 99% were there.</param>
/// <param name="Cost">Processor time of the service for an answer, in µs, which a busy machine hardly changes.</param>
internal sealed record Load(double PerSecond, double P99, double Cost);
