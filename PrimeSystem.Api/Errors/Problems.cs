using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PrimeSystem.Api.Errors;

/// <summary>Creates problem details (RFC 9457), the one form of every error. They contain nothing about the inside of the process.</summary>
internal static class Problems
{
    public static void AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail ??= DetailOf(context.ProblemDetails.Status));
        builder.Services.AddSingleton<FieldRules>();
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddExceptionHandler<ProblemHandler>();
        // In every environment, bodies and parameters that cannot be bound reach the exception handler.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    /// <summary>The detail of an error that the framework reports without one.</summary>
    internal static string? DetailOf(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => "This call needs a valid bearer token. The header WWW-Authenticate says what is wrong.",
        StatusCodes.Status403Forbidden => "The token does not permit this call. The header WWW-Authenticate names the scope that does.",
        StatusCodes.Status404NotFound => "There is nothing at this address. /docs lists all addresses.",
        StatusCodes.Status405MethodNotAllowed => "This address does not support this method. /docs lists the methods.",
        StatusCodes.Status413PayloadTooLarge => $"body must be at most {FieldRules.MaxBodyBytes} bytes.",
        StatusCodes.Status415UnsupportedMediaType => "body must be JSON, with Content-Type: application/json.",
        _ => null,
    };

    /// <summary>400: the call is malformed or exceeds a limit.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) => TypedResults.Problem(new HttpValidationProblemDetails(errors)
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request is not valid.",
        Detail = string.Join(" ", errors.Values.SelectMany(messages => messages)),
    });

    /// <summary>404: no request has this id.</summary>
    public static ProblemHttpResult UnknownRequest(Guid id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "The request does not exist.", detail: $"No request has the id {id}.");

    /// <summary>403: a page of an origin that is not allowed opened a WebSocket.</summary>
    public static ProblemHttpResult ForeignOrigin(string origin) => TypedResults.Problem(
        statusCode: StatusCodes.Status403Forbidden, detail: $"Origin must be this service's own or in the setting Cors:Origins. It is '{origin}'.");

    /// <summary>406: the client accepts none of the media types on offer.</summary>
    public static ProblemHttpResult NotAcceptable(string detail) => TypedResults.Problem(statusCode: StatusCodes.Status406NotAcceptable, detail: detail);

    /// <summary>415: the body is compressed.</summary>
    public static ProblemHttpResult UnsupportedCoding(string coding) => TypedResults.Problem(
        statusCode: StatusCodes.Status415UnsupportedMediaType, detail: $"body must be sent as it is, without Content-Encoding: {coding}.");

    /// <summary>409: the state of the request forbids the call.</summary>
    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict, title: "The state of the request does not permit this call.", detail: detail);

    /// <summary>422: the idempotency key was used for another request.</summary>
    public static ProblemHttpResult KeyTaken() => TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity, title: "The idempotency key belongs to another request.",
        detail: $"{FieldRules.IdempotencyHeader} was already used with another quantity or other digits. A new request needs a new key.");

    /// <summary>429: the client has reached a limit.</summary>
    public static ProblemHttpResult TooMany(HttpContext context, TimeSpan retryAfter, string detail)
    {
        string seconds = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return TypedResults.Problem(
            statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests.", detail: $"{detail} Retry in {seconds} s.");
    }

    /// <summary>503: the call can be retried soon.</summary>
    public static ProblemHttpResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "The service is temporarily unavailable.", detail: detail);
    }
}
