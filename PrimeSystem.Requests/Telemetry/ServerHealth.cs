using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Checks that a server answers: the database, which must have the schema of this release and take writes, or the queue.</summary>
internal sealed class ServerHealth(Func<CancellationToken, Task> ask) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ask(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is StoreUnavailableException or QueueUnavailableException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
