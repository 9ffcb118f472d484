using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Queue;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Checks that the queue answers.</summary>
internal sealed class QueueHealth(QueueSampler queue) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await queue.ReadAsync(maxAge: TimeSpan.Zero, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (QueueUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
