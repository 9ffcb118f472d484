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
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e => Problems.Invalid(Explain(e)),
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

    private Dictionary<string, string[]> Explain(BadHttpRequestException exception)
    {
        (string field, string message) = exception.InnerException is JsonException json ? ExplainJson(json) : ExplainParameter(exception);
        return new Dictionary<string, string[]> { [field] = [message] };
    }

    private (string Field, string Message) ExplainJson(JsonException exception)
    {
        // A syntax error contains a reader's exception; a value of the wrong type has the path of its field.
        if (exception.InnerException is JsonException || exception.Path is null or "$")
        {
            string position = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
            return (Body, $"body must be a JSON object{position}.");
        }
        string field = exception.Path.StartsWith("$.", StringComparison.Ordinal) ? exception.Path[2..] : exception.Path;
        return (field, rules.RuleOf(field.Split('[')[0]) ?? $"{field} has a value of the wrong type.");
    }

    private (string Field, string Message) ExplainParameter(BadHttpRequestException exception)
    {
        Match match = UnboundParameter().Match(exception.Message);
        string field = match.Success ? match.Groups["name"].Value.ToLowerInvariant() : Body;
        return rules.RuleOf(field) is { } rule ? (field, rule) : (Body, "body must be a JSON object.");
    }

    // The framework names the parameter only in its message.
    [GeneratedRegex("parameter \"[^\"]* (?<name>[A-Za-z_]+)\"")]
    private static partial Regex UnboundParameter();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was answered with 503: {Reason}")]
    private partial void LogUnavailable(string method, PathString path, string reason);
}
