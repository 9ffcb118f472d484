using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Requests;

/// <summary><c>POST /api/new</c> and <c>DELETE /api/requests/{id}</c>: create, cancel and delete requests.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/new", CreateAsync)
            .WithSummary("Request primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/requests/{id}", DeleteAsync)
            .WithSummary("Cancel a request, or delete it with its primes").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<AcceptedRequest>, SeeResult, ProblemHttpResult>> CreateAsync(
        NewRequest body,
        [FromHeader(Name = FieldRules.IdempotencyHeader)]
        [Description("A key of your choice. However often the call is sent with this key, it creates one request and gets the same answer.")]
        string? key,
        HttpContext context, RequestService requests, RequestAccess access, IRequestWaiter waiter, CancellationToken cancellationToken)
    {
        if (context.Request.Headers[FieldRules.IdempotencyHeader].Count > 1)
            return Problems.Invalid(new Dictionary<string, string[]> { [FieldRules.IdempotencyHeader] = [$"{FieldRules.IdempotencyHeader} must be sent once."] });
        var order = new Order(
            Authentication.SubjectOf(context.User), ClientAccount.Of(context), body.Quantity!.Value, body.Digits!.Value, FieldRules.Unquoted(key));
        return await requests.AcceptAsync(order, cancellationToken) switch
        {
            AcceptResult.Accepted accepted when await IsCompletedAsync(accepted.RequestId) => new SeeResult(accepted.RequestId, Answer(accepted.RequestId, order)),
            AcceptResult.Accepted accepted => Accepted(context, accepted.RequestId, order),
            AcceptResult.OverBudget refusal => OverBudget(context, refusal),
            _ => Problems.KeyTaken(),
        };

        async Task<bool> IsCompletedAsync(Guid id) => WaitPreference.IsIn(context.Request)
            && await access.FindAsync(context.User, id, cancellationToken) is { } request
            && await waiter.WaitAsPreferredAsync(context, request, cancellationToken) is { Status: RequestStatus.Completed };
    }

    // A repeated call gets the same message: its key stands for the same quantity and digits.
    private static Accepted<AcceptedRequest> Accepted(HttpContext context, Guid id, Order order)
    {
        context.Response.AskAgainSoon();
        return TypedResults.Accepted($"/api/status/{id}", Answer(id, order));
    }

    private static AcceptedRequest Answer(Guid id, Order order)
    {
        string primes = order.Quantity == 1 ? "1 prime" : $"{order.Quantity} primes";
        return new AcceptedRequest(id, $"Accepted: {primes} of {order.Digits} digits.");
    }

    private static ProblemHttpResult OverBudget(HttpContext context, AcceptResult.OverBudget refusal) => Problems.TooMany(
        context, refusal.RetryAfter, $"The client's budget has {refusal.Left.TotalHours:0.###} core-hours of work left, and this request needs more.");

    private static async Task<Results<Ok<RequestView>, NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, [Description("Whether to delete the request with its primes, whatever its status. The default is false.")] bool? purge,
        ClaimsPrincipal user, RequestAccess access, CompletedRequests completed, RequestService requests, CancellationToken cancellationToken)
    {
        // The owner of a request never changes, so this check still holds below.
        if (await access.FindAsync(user, id, cancellationToken) is null)
            return Problems.UnknownRequest(id);
        if (purge == true)
        {
            bool found = await requests.PurgeAsync(id, cancellationToken);
            await completed.ForgetAsync(id, cancellationToken);
            return found ? TypedResults.NoContent() : Problems.UnknownRequest(id);
        }
        PrimeRequest? request = await requests.CancelAsync(id, cancellationToken);
        return request switch
        {
            null => Problems.UnknownRequest(id),
            { Status: RequestStatus.Cancelled } => TypedResults.Ok(RequestView.Of(request)),
            _ => Problems.Conflict($"The request is already {request.Status.Name()}. To delete it with its primes, add purge=true."),
        };
    }
}
