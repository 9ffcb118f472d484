using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PrimeSystem.Api.SystemStatus;

/// <summary>How the system is: who works, what waits, how fast it goes.</summary>
internal static class SystemEndpoint
{
    public static void AddBoard(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SystemWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SystemWatch>());
    }

    public static void MapBoard(this RouteGroupBuilder api) => api.MapGet("/system", GetAsync)
        .WithTags("System").WithSummary("See workers, queue and throughput").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<SystemView>> GetAsync(
        [Description("How many samples of the last five minutes to add, one every two seconds: none unless said otherwise.")] int? history,
        SystemWatch watch, CancellationToken cancellationToken) =>
        TypedResults.Ok(await watch.GetAsync(Math.Clamp(history ?? 0, 0, SystemWatch.Remembered), cancellationToken));
}
