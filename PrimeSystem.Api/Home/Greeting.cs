namespace PrimeSystem.Api.Home;

/// <summary>That the service is there.</summary>
public sealed record Greeting(string Status, string Service);
