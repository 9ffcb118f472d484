namespace PrimeSystem.Cli.Remote;

/// <summary>An error in the words of the server (RFC 9457).</summary>
internal sealed record Problem(string? Title = null, string? Detail = null);
