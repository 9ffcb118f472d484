using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Requests;

/// <summary>What one may ask for, and how long it would take, before asking.</summary>
internal static class EstimateEndpoints
{
    public static void MapEstimates(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests");
        group.MapGet("/limits", Limits).WithSummary("See what may be asked for");
        group.MapGet("/estimate", EstimateAsync)
            .WithSummary("Estimate how long a request would take")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<LimitsView> Limits(IOptions<RequestLimits> options)
    {
        RequestLimits limits = options.Value;
        return TypedResults.Ok(new LimitsView(
            limits.MaxQuantity, RequestLimits.MinDigits, limits.MaxDigits, limits.MaxWork.TotalHours, limits.MaxVerifyNumbers, limits.MaxVerifyDigits));
    }

    private static async Task<Results<Ok<Estimate>, ProblemHttpResult>> EstimateAsync(
        [Description("How many primes.")] int? quantity,
        [Description("How many decimal digits each has.")] int? digits,
        RequestRules rules, SystemWatch watch, IOptions<FlowOptions> flow, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.Check(quantity, digits);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        SystemView system = await watch.GetAsync(history: 0, cancellationToken);
        return TypedResults.Ok(Estimate.Of(quantity!.Value, digits!.Value, flow.Value.Window, flow.Value.RaceAbove, system.Workers));
    }
}
