namespace PrimeSystem.Primes;

/// <summary>How far a generation is.</summary>
/// <param name="Found">Primes found so far.</param>
/// <param name="Count">Primes asked for.</param>
public readonly record struct PrimeProgress(int Found, int Count);
