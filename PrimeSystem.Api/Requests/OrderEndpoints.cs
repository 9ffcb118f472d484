using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Caching;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary>Asking for primes, and calling that off.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/new", CreateAsync)
            .WithSummary("Ask for primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/requests/{id}", DeleteAsync)
            .WithSummary("Cancel a request, or delete it with its primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<AcceptedRequest>, ProblemHttpResult>> CreateAsync(
        NewRequest body,
        [FromHeader(Name = FieldRules.IdempotencyHeader)]
        [Description("A name of your choice for this order: however often it is sent, there is one request, and one answer.")]
        string? key,
        HttpContext context, RequestRules requestRules, FieldRules rules, RequestDesk desk, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = requestRules.Check(body.Quantity, body.Digits);
        if (key is not null && !IdempotencyKey.IsValid(key))
            errors[FieldRules.IdempotencyHeader] = [rules.RuleOf(FieldRules.IdempotencyHeader)!];
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        var order = new Order(RequestAccess.OwnerOf(context.User), ClientAccount.Of(context), body.Quantity!.Value, body.Digits!.Value, key);
        return await desk.AcceptAsync(order, cancellationToken) switch
        {
            Acceptance.Accepted accepted => Accepted(accepted.RequestId, order),
            Acceptance.OverBudget refusal => OverBudget(context, refusal),
            _ => Problems.KeyTaken(),
        };
    }

    // The same words for the first and for a repeated order: its key stands for the same quantity and digits.
    private static Accepted<AcceptedRequest> Accepted(Guid id, Order order)
    {
        string primes = order.Quantity == 1 ? "1 prime" : $"{order.Quantity} primes";
        return TypedResults.Accepted($"/api/status/{id}", new AcceptedRequest(id, $"Accepted: {primes} of {order.Digits} digits."));
    }

    private static ProblemHttpResult OverBudget(HttpContext context, Acceptance.OverBudget refusal) => Problems.TooMany(
        context, refusal.RetryAfter, string.Create(CultureInfo.InvariantCulture, $"The budget has {refusal.Left.TotalHours:0.###} core-hours of work left, and this is more."));

    private static async Task<Results<Ok<RequestView>, NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, [Description("Delete the request with its primes, whatever its status.")] bool? purge,
        ClaimsPrincipal user, RequestAccess access, CompletedRequests completed, RequestDesk desk, CancellationToken cancellationToken)
    {
        // An owner does not change, so what is true here stays true below.
        if (await access.FindAsync(user, id, cancellationToken) is null)
            return Problems.UnknownRequest(id);
        if (purge == true)
        {
            bool found = await desk.PurgeAsync(id, cancellationToken);
            await completed.ForgetAsync(id, cancellationToken);
            return found ? TypedResults.NoContent() : Problems.UnknownRequest(id);
        }
        PrimeRequest? request = await desk.CancelAsync(id, cancellationToken);
        return request switch
        {
            null => Problems.UnknownRequest(id),
            { Status: RequestStatus.Cancelled } => TypedResults.Ok(RequestView.Of(request)),
            _ => Problems.Conflict($"The request has ended already, it is {request.Status.Name()}; with purge=true it is deleted with its primes."),
        };
    }
}
