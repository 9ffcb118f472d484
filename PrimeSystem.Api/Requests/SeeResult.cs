using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// 303: the client preferred to wait, and the request has completed. A client that follows redirects (<c>curl -L</c>) receives the primes; any other finds
/// the id in the body, as in 202.
/// </summary>
internal sealed class SeeResult(Guid id, AcceptedRequest accepted) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status303SeeOther, typeof(AcceptedRequest), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"/api/result/{id}";
        return TypedResults.Json(accepted, statusCode: StatusCodes.Status303SeeOther).ExecuteAsync(httpContext);
    }
}
