namespace PrimeSystem.Api.Requests;

/// <summary>What may be asked for here.</summary>
/// <param name="MaxQuantity">Most primes in one request; the fewest is 1.</param>
/// <param name="MinDigits">Fewest decimal digits of a prime.</param>
/// <param name="MaxDigits">Most decimal digits of a prime.</param>
/// <param name="MaxWorkCoreHours">Most work in one request, by a reference cost that is the same on every machine.</param>
/// <param name="MaxVerifyNumbers">Most numbers in one call of verify.</param>
/// <param name="MaxVerifyDigits">Most digits of all of them together.</param>
public sealed record LimitsView(int MaxQuantity, int MinDigits, int MaxDigits, double MaxWorkCoreHours, int MaxVerifyNumbers, int MaxVerifyDigits);
