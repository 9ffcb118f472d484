using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
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

    private static async Task<Ok<Estimate>> EstimateAsync(
        [AsParameters] EstimateQuery query, SystemSampler sampler, IOptions<FlowOptions> flow, CancellationToken cancellationToken)
    {
        SystemView system = await sampler.GetAsync(history: 0, cancellationToken);
        return TypedResults.Ok(Estimate.Of(query.Quantity!.Value, query.Digits!.Value, flow.Value.Window, flow.Value.RaceAbove, system.Workers));
    }
}
