using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Api.Security;

/// <summary>How often a client may ask. Configuration section <c>RateLimits</c>; zero means no limit, which is the default of the standalone system.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests in a minute, which may come all at once. On servers 3,000 unless configured.</summary>
    [Range(0, 100_000_000)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>Calls of <c>verify</c> that are answered at a time: they use this process's own cores. On servers 2 unless configured.</summary>
    [Range(0, 1_000)]
    public int? VerificationsAtOnce { get; set; }
}
