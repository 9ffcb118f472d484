using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Telemetry;

/// <summary>Whether the schema was found to fit since the process started. It stays so while the database is away.</summary>
internal sealed class SchemaHealth(SchemaState schema) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        schema.IsReady ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The schema of the database is not ready."));
}
