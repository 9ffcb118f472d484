using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary><c>GET /api/status/{id}</c> and <c>GET /api/requests</c>: the status of one request, and lists of requests.</summary>
internal static class RequestEndpoints
{
    private const int DefaultPageSize = 50;

    public static void MapRequests(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/status/{id}", StatusAsync)
            .WithSummary("Get the status of a request").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/requests", ListAsync)
            .WithSummary("List requests, newest first").ProducesValidationProblem();
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> StatusAsync(
        Guid id, ClaimsPrincipal user, RequestAccess access, CancellationToken cancellationToken) =>
        await access.FindAsync(user, id, cancellationToken) is { } request ? TypedResults.Ok(RequestView.Of(request)) : Problems.UnknownRequest(id);

    private static async Task<Ok<RequestPage>> ListAsync(
        [Description("Only requests with this status.")] string? status,
        [Description("The next_cursor of the previous page.")] Guid? cursor,
        [Description("The size of the page, at most 500. The default is 50.")] int? limit,
        ClaimsPrincipal user, IRequestStore store, CancellationToken cancellationToken)
    {
        RequestStatus? only = RequestStatuses.TryParse(status, out RequestStatus parsed) ? parsed : null;
        int size = Math.Min(limit ?? DefaultPageSize, FieldRules.MaxPageSize);
        IReadOnlyList<PrimeRequest> found = await store.ListAsync(RequestAccess.VisibleTo(user), only, cursor, size + 1, cancellationToken);
        IReadOnlyList<RequestView> page = [.. found.Take(size).Select(RequestView.Of)];
        return TypedResults.Ok(new RequestPage(page, found.Count > size ? page[^1].RequestId.ToString() : null));
    }
}
