using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Model;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>Asking for primes, watching requests, calling them off.</summary>
internal static class RequestEndpoints
{
    private const int DefaultPage = 50;

    public static void MapRequests(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/new", CreateAsync)
            .WithSummary("Ask for primes").ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        group.MapGet("/status/{id}", StatusAsync)
            .WithSummary("See where a request stands").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/requests", ListAsync)
            .WithSummary("List requests, the newest first").ProducesValidationProblem();
        group.MapDelete("/requests/{id}", DeleteAsync)
            .WithSummary("Cancel a request, or delete it with its primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<AcceptedRequest>, ProblemHttpResult>> CreateAsync(
        NewRequest body, RequestRules rules, RequestDesk desk, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.Check(body.Quantity, body.Digits);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        PrimeRequest request = await desk.AcceptAsync(body.Quantity!.Value, body.Digits!.Value, cancellationToken);
        string primes = request.Quantity == 1 ? "1 prime" : $"{request.Quantity} primes";
        return TypedResults.Accepted(
            $"/api/status/{request.Id}", new AcceptedRequest(request.Id, $"Accepted: {primes} of {request.Digits} digits."));
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> StatusAsync(Guid id, IRequestStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } request ? TypedResults.Ok(RequestView.Of(request)) : Problems.UnknownRequest(id);

    private static async Task<Results<Ok<RequestPage>, ProblemHttpResult>> ListAsync(
        [Description("Only those in this status.")] string? status,
        [Description("The next_cursor of the page before.")] Guid? cursor,
        [Description("How many on a page: 50 unless said otherwise, at most 500.")] int? limit,
        RequestRules rules, IRequestStore store, CancellationToken cancellationToken)
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
        int size = Math.Min(limit ?? DefaultPage, RequestRules.MaxPage);
        IReadOnlyList<PrimeRequest> found = await store.ListAsync(only, cursor, size + 1, cancellationToken);
        IReadOnlyList<RequestView> page = [.. found.Take(size).Select(RequestView.Of)];
        return TypedResults.Ok(new RequestPage(page, found.Count > size ? page[^1].RequestId.ToString() : null));
    }

    private static async Task<Results<Ok<RequestView>, NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, [Description("Delete the request with its primes, whatever its status.")] bool? purge, RequestDesk desk, CancellationToken cancellationToken)
    {
        if (purge == true)
            return await desk.PurgeAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.UnknownRequest(id);
        PrimeRequest? request = await desk.CancelAsync(id, cancellationToken);
        return request switch
        {
            null => Problems.UnknownRequest(id),
            { Status: RequestStatus.Cancelled } => TypedResults.Ok(RequestView.Of(request)),
            _ => Problems.Conflict($"The request has ended already, it is {request.Status.Name()}; with purge=true it is deleted with its primes."),
        };
    }
}
