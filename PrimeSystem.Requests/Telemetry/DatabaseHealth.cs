using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Checks that the database answers, can be written to, and has the schema of this release.</summary>
internal sealed class DatabaseHealth(IRequestStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
