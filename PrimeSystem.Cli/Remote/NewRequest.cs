namespace PrimeSystem.Cli.Remote;

/// <summary>What a server is asked for.</summary>
internal sealed record NewRequest(long Quantity, int Digits);
