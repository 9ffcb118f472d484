using Microsoft.AspNetCore.Mvc;

namespace PrimeSystem.Api.Errors;

/// <summary>Writes a problem for clients that did not say they accept JSON, which the framework's own writer leaves to others: an error has one shape.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        ProblemDetails problem = context.ProblemDetails;
        problem.Status ??= context.HttpContext.Response.StatusCode;
        problem.Detail ??= Problems.DetailOf(problem.Status);
        await context.HttpContext.Response.WriteAsJsonAsync(problem, ApiJson.Default.ProblemDetails, "application/problem+json");
    }
}
