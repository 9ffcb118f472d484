using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Requests;

/// <summary><c>GET /api/limits</c> and <c>GET /api/estimate</c>: what a client may request, and how long that takes.</summary>
internal static class EstimateEndpoints
{
    public static void MapEstimates(this RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Requests");
        group.MapGet("/limits", Limits).WithSummary("Get the limits of requests");
        group.MapGet("/estimate", EstimateAsync)
            .WithSummary("Estimate how long a request takes")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<LimitsView> Limits(IOptions<RequestLimits> options)
    {
        RequestLimits limits = options.Value;
        return TypedResults.Ok(new LimitsView(
            limits.MaxQuantity, RequestLimits.MinDigits, limits.MaxDigits, limits.MaxWork.TotalHours, limits.MaxVerifyNumbers, limits.MaxVerifyDigits));
    }

    private static async Task<Results<Ok<Estimate>, ProblemHttpResult>> EstimateAsync(
        [Description("The number of primes.")] int? quantity,
        [Description("The number of decimal digits of each prime.")] int? digits,
        RequestRules rules, SystemSampler sampler, IOptions<FlowOptions> flow, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.Check(quantity, digits);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        SystemView system = await sampler.GetAsync(history: 0, cancellationToken);
        return TypedResults.Ok(Estimate.Of(quantity!.Value, digits!.Value, flow.Value.Window, flow.Value.RaceAbove, system.Workers));
    }
}
