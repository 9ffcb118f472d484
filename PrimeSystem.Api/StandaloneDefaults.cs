using Microsoft.Extensions.Configuration.Memory;
using PrimeSystem.Api.Security;
using PrimeSystem.Requests.Hosting;

namespace PrimeSystem.Api;

/// <summary>The settings in which the standalone system differs: one user, who needs neither limits nor a token. Every other source overrides them.</summary>
internal static class StandaloneDefaults
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["RateLimits:RequestsPerMinute"] = "0",
        ["RateLimits:VerificationsAtOnce"] = "0",
        ["RateLimits:Work:Burst"] = "00:00:00",
        ["RateLimits:Work:PerDay"] = "00:00:00",
        ["Authentication:AllowAnonymous"] = "true",
    };

    // Without tokens the audit log has nobody to name.
    private static readonly Dictionary<string, string?> Anonymous = new() { [$"Logging:LogLevel:{AuditLog.Category}"] = "None" };

    /// <summary>Adds the defaults if the system is standalone.</summary>
    /// <returns>Whether it is.</returns>
    public static bool AddStandaloneDefaults(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.IsStandalone())
            return false;
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });
        if (!Authentication.IsConfigured(builder.Configuration))
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Anonymous });
        return true;
    }
}
