namespace PrimeSystem.Primes;

/// <summary>The progress of a generation.</summary>
/// <param name="Found">Primes found so far.</param>
/// <param name="Count">Primes requested.</param>
public readonly record struct PrimeProgress(int Found, int Count);
