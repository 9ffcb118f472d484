using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Api.Security;

namespace PrimeSystem.Api.Verification;

/// <summary><c>POST /api/verify</c>: tests numbers for primality.</summary>
internal static class VerifyEndpoint
{
    public static void AddVerification(this WebApplicationBuilder builder) => builder.Services.AddSingleton<Verifier>();

    public static void MapVerification(this RouteGroupBuilder api) => api.MapPost("/verify", VerifyAsync)
        .RequireRateLimiting(RateLimits.Verification)
        .WithTags("Verification").WithSummary("Test numbers for primality")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<Ok<VerifyAnswer>> VerifyAsync(VerifyRequest body, Verifier verifier, CancellationToken cancellationToken) =>
        TypedResults.Ok(new VerifyAnswer(await verifier.VerifyAsync([.. body.Numbers!.Select(number => number!)], cancellationToken)));
}
