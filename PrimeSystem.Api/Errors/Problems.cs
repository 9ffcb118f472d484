using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PrimeSystem.Api.Errors;

/// <summary>Every error is a problem (RFC 9457), in one shape; nothing of the inside leaves the process with it.</summary>
internal static class Problems
{
    public static void AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail ??= DetailOf(context.ProblemDetails.Status));
        builder.Services.AddSingleton<FieldRules>();
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddExceptionHandler<ProblemHandler>();
        // Bodies and parameters that do not bind reach the handler in every environment.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    /// <summary>What the framework answers without saying why.</summary>
    internal static string? DetailOf(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => "A valid bearer token is needed; the header WWW-Authenticate says what is wrong.",
        StatusCodes.Status403Forbidden => "The token does not permit this; the header WWW-Authenticate names the scope that would.",
        StatusCodes.Status404NotFound => "There is nothing at this address; see /docs for what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method; see /docs for those it takes.",
        StatusCodes.Status413PayloadTooLarge => string.Create(CultureInfo.InvariantCulture, $"body must be at most {Http.MaxBodyBytes} bytes."),
        StatusCodes.Status415UnsupportedMediaType => "body must be JSON, sent with Content-Type: application/json.",
        _ => null,
    };

    /// <summary>400: what was sent is malformed or out of limits.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) => TypedResults.Problem(new HttpValidationProblemDetails(errors)
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request is not valid.",
        Detail = string.Join(" ", errors.Values.SelectMany(messages => messages)),
    });

    /// <summary>404: no such request.</summary>
    public static ProblemHttpResult UnknownRequest(Guid id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "There is no such request.", detail: $"No request has the id {id}.");

    /// <summary>409: the state of a request forbids it.</summary>
    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict, title: "The state of the request forbids this.", detail: detail);

    /// <summary>422: the key of an order is that of another.</summary>
    public static ProblemHttpResult KeyTaken() => TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity, title: "The key belongs to another order.",
        detail: $"{FieldRules.IdempotencyHeader} was used before with another quantity or other digits; a new order needs a new key.");

    /// <summary>429: more than a client may ask for, at the moment.</summary>
    public static ProblemHttpResult TooMany(HttpContext context, TimeSpan retryAfter, string detail)
    {
        context.Response.Headers.RetryAfter = ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "That is too much at a time.", detail: detail);
    }

    /// <summary>503, to be tried again soon.</summary>
    public static ProblemHttpResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = 2.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "The service is not available at the moment.", detail: detail);
    }
}
