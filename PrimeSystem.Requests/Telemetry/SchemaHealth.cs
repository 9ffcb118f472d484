using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Checks that the schema has fitted once since the process started. It stays healthy while the database is unavailable.</summary>
internal sealed class SchemaHealth(SchemaState schema) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        schema.IsReady ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The schema of the database is not ready."));
}
