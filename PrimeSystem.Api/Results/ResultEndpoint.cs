using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Requests;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Results;

/// <summary>
/// <c>GET /api/result/{id}</c>: the primes found so far. They stream from the database in pages, so that memory does not grow with the result and a slow
/// client holds no database connection. A completed result does not change, so it has an ETag and may be cached.
/// </summary>
internal static class ResultEndpoint
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    public static void MapResults(this RouteGroupBuilder api) => api.MapGet("/result/{id}", GetAsync)
        .WithTags("Results").WithSummary("Fetch the primes of a request")
        .Produces<ResultShape>(StatusCodes.Status200OK, ResultFormat.Json.MediaType, [.. ResultFormat.All.Skip(1).Select(format => format.MediaType)])
        .Produces(StatusCodes.Status304NotModified)
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status406NotAcceptable)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> GetAsync(
        Guid id,
        [Description("The position of the first prime. The default is 0."), Range(0, int.MaxValue)] int? offset,
        [Description("The most primes to return. The default is all."), Range(1, int.MaxValue)] int? limit,
        HttpContext context, RequestAccess access, IRequestStore store, CancellationToken cancellationToken)
    {
        if (ResultFormat.For(context.Request) is not { } format)
            return Problems.NotAcceptable($"Accept must include one of {string.Join(", ", ResultFormat.All.Select(f => f.MediaType))}.");
        if (await access.FindAsync(context.User, id, cancellationToken) is not { } request)
            return Problems.UnknownRequest(id);

        int from = Math.Min(offset ?? 0, request.GeneratedCount);
        int count = Math.Min(limit ?? int.MaxValue, request.GeneratedCount - from);
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (request.Status == RequestStatus.Completed)
        {
            var etag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{request.Id:N}-{from}-{count}-{format.Name}\""), isWeak: true);
            ResponseHeaders headers = context.Response.GetTypedHeaders();
            headers.ETag = etag;
            headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = MaxAge };
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known == EntityTagHeaderValue.Any || known.Compare(etag, useStrongComparison: false)))
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }
        return new ResultStream(store, request, format, from, count);
    }
}
