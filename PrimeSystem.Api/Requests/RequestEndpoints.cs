using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// <c>GET /api/status/{id}</c>, which <c>GET /api/requests/{id}</c> is another name of, and <c>GET /api/requests</c>: the status of one request, and lists
/// of requests.
/// </summary>
internal static class RequestEndpoints
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 500;

    public static void MapRequests(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        foreach (string path in new[] { "/status/{id}", "/requests/{id}" })
        {
            group.MapGet(path, StatusAsync)
                .WithSummary("Get the status of a request").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        }
        group.MapGet("/requests", ListAsync)
            .WithSummary("List requests, newest first").ProducesValidationProblem();
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> StatusAsync(
        Guid id, HttpContext context, RequestAccess access, IRequestWaiter waiter, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(context.User, id, cancellationToken) is not { } found
            || await waiter.WaitAsPreferredAsync(context, found, cancellationToken) is not { } request)
        {
            return Problems.UnknownRequest(id);
        }
        if (!request.Status.IsEnded())
            context.Response.AskAgainSoon();
        return TypedResults.Ok(RequestView.Of(request));
    }

    private static async Task<Ok<RequestPage>> ListAsync(
        [Description("Only requests with this status.")] string? status,
        [Description("The next_cursor of the previous page.")] Guid? cursor,
        [Description("The size of the page. The default is 50."), Range(1, MaxPageSize)] int? limit,
        ClaimsPrincipal user, IRequestStore store, CancellationToken cancellationToken)
    {
        RequestStatus? only = RequestStatuses.TryParse(status, out RequestStatus parsed) ? parsed : null;
        int size = limit ?? DefaultPageSize;
        IReadOnlyList<PrimeRequest> found = await store.ListAsync(RequestAccess.VisibleTo(user), only, cursor, size + 1, cancellationToken);
        IReadOnlyList<RequestView> page = [.. found.Take(size).Select(RequestView.Of)];
        return TypedResults.Ok(new RequestPage(page, found.Count > size ? page[^1].RequestId.ToString() : null));
    }
}
