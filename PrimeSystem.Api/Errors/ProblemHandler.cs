using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Errors;

/// <summary>
/// Turns exceptions that a client or an outage has caused into problems. A value that cannot be bound is answered with the rule of its field. Any other
/// exception is our fault: it is logged, and the client receives 500 without details.
/// </summary>
internal sealed partial class ProblemHandler(FieldRules rules, ILogger<ProblemHandler> log) : IExceptionHandler
{
    private const string Body = "body";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        IResult? problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e => Problems.Invalid(Explain(e, httpContext)),
            BadHttpRequestException e => TypedResults.Problem(statusCode: e.StatusCode),
            // The framework does not treat an unknown encoding as a bad request.
            InvalidOperationException when HasUnknownCharset(httpContext.Request) => TypedResults.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "body must be JSON in UTF-8."),
            StoreUnavailableException e => Unavailable(httpContext, e),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest),
            _ => null,
        };
        if (problem is null)
            return false;
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static bool HasUnknownCharset(HttpRequest request)
    {
        string? charset = request.GetTypedHeaders().ContentType?.Charset.Value;
        return !string.IsNullOrEmpty(charset) && !Encoding.GetEncodings().Any(known => known.Name.Equals(charset, StringComparison.OrdinalIgnoreCase));
    }

    private ProblemHttpResult Unavailable(HttpContext context, StoreUnavailableException exception)
    {
        LogUnavailable(context.Request.Method, context.Request.Path, (exception.InnerException ?? exception).Message);
        return Problems.Unavailable(context, exception.Message);
    }

    private Dictionary<string, string[]> Explain(BadHttpRequestException exception, HttpContext context)
    {
        (string field, string message) = exception.InnerException is JsonException json
            ? ExplainJson(json)
            : ExplainParameter(exception, context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<MethodInfo>());
        return new Dictionary<string, string[]> { [field] = [message] };
    }

    private static (string Field, string Message) ExplainJson(JsonException exception)
    {
        // Values of the wrong type are read all the same, for the check. What remains is a member that occurs twice, and a syntax error.
        if (RepeatedMember().Match(exception.Message) is { Success: true } repeated)
        {
            string member = repeated.Groups["name"].Value;
            return (member, $"{member} occurs twice. It must occur once.");
        }
        string position = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
        return (Body, $"body must be a JSON object{position}.");
    }

    private (string Field, string Message) ExplainParameter(BadHttpRequestException exception, MethodInfo? handler)
    {
        Match match = UnboundParameter().Match(exception.Message);
        if (!match.Success)
            return (Body, "body must be a JSON object.");
        string field = match.Groups["name"].Value;
        ParameterInfo? parameter = handler?.GetParameters().FirstOrDefault(candidate => candidate.Name == field);
        if (parameter?.GetCustomAttribute<RangeAttribute>() is { } range)
            return (field, FieldRules.RuleOf(field, range));
        field = field.ToLowerInvariant();
        return rules.RuleOf(field) is { } rule ? (field, rule) : (Body, "body must be a JSON object.");
    }

    // The framework names the member and the parameter only in its messages.
    [GeneratedRegex("^Duplicate property '(?<name>[^']*)'")]
    private static partial Regex RepeatedMember();

    [GeneratedRegex("parameter \"[^\"]* (?<name>[A-Za-z_]+)\"")]
    private static partial Regex UnboundParameter();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was answered with 503: {Reason}")]
    private partial void LogUnavailable(string method, PathString path, string reason);
}
