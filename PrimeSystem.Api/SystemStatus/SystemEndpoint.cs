using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PrimeSystem.Api.SystemStatus;

/// <summary><c>GET /api/system</c>: the workers, the queue and the throughput.</summary>
internal static class SystemEndpoint
{
    public static void AddSystemStatus(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SystemSampler>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SystemSampler>());
    }

    public static void MapSystemStatus(this RouteGroupBuilder api) => api.MapGet("/system", GetAsync)
        .WithTags("System").WithSummary("Get the workers, the queue and the throughput").ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<SystemView>> GetAsync(
        [Description("How many of the latest samples to include, one every two seconds. The default is 0."), Range(0, SystemSampler.MaxHistory)] int? history,
        SystemSampler sampler, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sampler.GetAsync(history ?? 0, cancellationToken));
}
