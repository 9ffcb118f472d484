using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Api.Security;

/// <summary>Rate limits of a client. Configuration section <c>RateLimits</c>. 0 means unlimited, which is the default of a standalone system.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Calls per minute, which may come all at once.</summary>
    [Range(0, 100_000_000)]
    public int RequestsPerMinute { get; set; } = 3_000;

    /// <summary>Concurrent calls of <c>verify</c>, which use this process's own cores.</summary>
    [Range(0, 1_000)]
    public int VerificationsAtOnce { get; set; } = 2;
}
