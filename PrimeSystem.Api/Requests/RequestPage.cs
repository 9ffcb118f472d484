namespace PrimeSystem.Api.Requests;

/// <summary>A page of requests, newest first.</summary>
/// <param name="Requests">The requests.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; absent on the last page.</param>
public sealed record RequestPage(IReadOnlyList<RequestView> Requests, string? NextCursor = null);
