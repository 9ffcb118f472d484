using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Model;

namespace PrimeSystem.Api.Requests;

/// <summary>Asking for primes, and calling that off.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/new", CreateAsync)
            .WithSummary("Ask for primes").ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        group.MapDelete("/requests/{id}", DeleteAsync)
            .WithSummary("Cancel a request, or delete it with its primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<AcceptedRequest>, ProblemHttpResult>> CreateAsync(
        NewRequest body, ClaimsPrincipal user, RequestRules rules, RequestDesk desk, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.Check(body.Quantity, body.Digits);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        PrimeRequest request = await desk.AcceptAsync(RequestAccess.OwnerOf(user), body.Quantity!.Value, body.Digits!.Value, cancellationToken);
        string primes = request.Quantity == 1 ? "1 prime" : $"{request.Quantity} primes";
        return TypedResults.Accepted(
            $"/api/status/{request.Id}", new AcceptedRequest(request.Id, $"Accepted: {primes} of {request.Digits} digits."));
    }

    private static async Task<Results<Ok<RequestView>, NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, [Description("Delete the request with its primes, whatever its status.")] bool? purge,
        ClaimsPrincipal user, RequestAccess access, RequestDesk desk, CancellationToken cancellationToken)
    {
        // An owner does not change, so what is true here stays true below.
        if (await access.FindAsync(user, id, cancellationToken) is null)
            return Problems.UnknownRequest(id);
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
