namespace PrimeSystem.Cli.Remote;

/// <summary>The problem details of an error (RFC 9457).</summary>
internal sealed record Problem(string? Title = null, string? Detail = null);
