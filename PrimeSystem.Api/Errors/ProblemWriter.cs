using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace PrimeSystem.Api.Errors;

/// <summary>Writes every error as a problem, whatever the client accepts. The framework's own writer skips clients that do not accept JSON.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        ProblemDetails problem = context.ProblemDetails;
        problem.Status ??= context.HttpContext.Response.StatusCode;
        problem.Detail ??= Problems.DetailOf(problem.Status);
        problem.Extensions.TryAdd("trace_id", Activity.Current?.Id ?? context.HttpContext.TraceIdentifier);
        await context.HttpContext.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json");
    }
}
