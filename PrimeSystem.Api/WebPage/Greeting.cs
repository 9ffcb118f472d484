namespace PrimeSystem.Api.WebPage;

/// <summary>That the service is there.</summary>
public sealed record Greeting(string Status, string Service);
