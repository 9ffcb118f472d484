namespace PrimeSystem.Api.Requests;

/// <summary>The answer when a request was accepted.</summary>
public sealed record AcceptedRequest(Guid RequestId, string Message);
