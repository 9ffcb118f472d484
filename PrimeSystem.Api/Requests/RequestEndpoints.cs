using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>Watching requests.</summary>
internal static class RequestEndpoints
{
    private const int DefaultPage = 50;

    public static void MapRequests(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/status/{id}", StatusAsync)
            .WithSummary("See where a request stands").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/requests", ListAsync)
            .WithSummary("List requests, the newest first").ProducesValidationProblem();
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> StatusAsync(
        Guid id, ClaimsPrincipal user, RequestAccess access, CancellationToken cancellationToken) =>
        await access.FindAsync(user, id, cancellationToken) is { } request ? TypedResults.Ok(RequestView.Of(request)) : Problems.UnknownRequest(id);

    private static async Task<Results<Ok<RequestPage>, ProblemHttpResult>> ListAsync(
        [Description("Only those in this status.")] string? status,
        [Description("The next_cursor of the page before.")] Guid? cursor,
        [Description("How many on a page: 50 unless said otherwise, at most 500.")] int? limit,
        ClaimsPrincipal user, FieldRules rules, IRequestStore store, CancellationToken cancellationToken)
    {
        RequestStatus? only = null;
        if (status is not null)
        {
            if (!RequestStatuses.TryParse(status, out RequestStatus parsed))
                return Problems.Invalid(rules.Broken("status"));
            only = parsed;
        }
        if (limit < 1)
            return Problems.Invalid(rules.Broken("limit"));
        int size = Math.Min(limit ?? DefaultPage, FieldRules.MaxPage);
        IReadOnlyList<PrimeRequest> found = await store.ListAsync(RequestAccess.VisibleTo(user), only, cursor, size + 1, cancellationToken);
        IReadOnlyList<RequestView> page = [.. found.Take(size).Select(RequestView.Of)];
        return TypedResults.Ok(new RequestPage(page, found.Count > size ? page[^1].RequestId.ToString() : null));
    }
}
