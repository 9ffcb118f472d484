namespace PrimeSystem.Api.Requests;

/// <summary>The limits of this service.</summary>
/// <param name="MaxQuantity">The most primes in one request. The fewest is 1.</param>
/// <param name="MinDigits">The fewest decimal digits of a prime.</param>
/// <param name="MaxDigits">The most decimal digits of a prime.</param>
/// <param name="MaxWorkCoreHours">The most work in one request, by the reference cost, which is the same on every machine.</param>
/// <param name="MaxVerifyNumbers">The most numbers in one call of verify.</param>
/// <param name="MaxVerifyDigits">The most digits of all these numbers together.</param>
public sealed record LimitsView(int MaxQuantity, int MinDigits, int MaxDigits, double MaxWorkCoreHours, int MaxVerifyNumbers, int MaxVerifyDigits);
