using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Verify;

/// <summary>Is it prime?</summary>
internal static class VerifyEndpoint
{
    public static void AddVerification(this WebApplicationBuilder builder) => builder.Services.AddSingleton<Verifier>();

    public static void MapVerification(this RouteGroupBuilder api) => api.MapPost("/verify", VerifyAsync)
        .RequireRateLimiting(RateLimits.Verification)
        .WithTags("Verification").WithSummary("Test numbers for primality")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<Results<Ok<VerifyAnswer>, ProblemHttpResult>> VerifyAsync(
        VerifyRequest body, FieldRules rules, Verifier verifier, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> errors = rules.CheckNumbers(body.Numbers);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return TypedResults.Ok(new VerifyAnswer(await verifier.VerifyAsync([.. body.Numbers!.Select(number => number!)], cancellationToken)));
    }
}
