namespace PrimeSystem.Api.Requests;

/// <summary>The answer to a request that was accepted.</summary>
public sealed record AcceptedRequest(Guid RequestId, string Message);
