namespace PrimeSystem.Api.WebPage;

/// <summary>The answer of <c>GET /</c> to programs.</summary>
public sealed record Greeting(string Status, string Service);
