namespace PrimeSystem.Cli.Remote;

/// <summary>A new request for primes.</summary>
internal sealed record NewRequest(long Quantity, int Digits);
