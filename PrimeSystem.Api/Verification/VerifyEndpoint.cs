using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Verification;

/// <summary><c>POST /api/verify</c>: tests numbers for primality.</summary>
internal static class VerifyEndpoint
{
    public static void AddVerification(this WebApplicationBuilder builder) => builder.Services.AddSingleton<Verifier>();

    public static void MapVerification(this RouteGroupBuilder api) => api.MapPost("/verify", VerifyAsync)
        .RequireRateLimiting(RateLimits.Verification)
        .WithTags("Verification").WithSummary("Test numbers for primality")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<Results<Ok<VerifyAnswer>, ProblemHttpResult>> VerifyAsync(
        VerifyRequest body, RequestRules rules, Verifier verifier, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.CheckNumbers(body.Numbers);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return TypedResults.Ok(new VerifyAnswer(await verifier.VerifyAsync([.. body.Numbers!.Select(number => number!)], cancellationToken)));
    }
}
