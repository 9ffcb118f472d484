using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Security;

/// <summary>Limits how often a client may call this process. How much work it may request, the database counts (<see cref="WorkBudget"/>).</summary>
internal static class RateLimits
{
    /// <summary>The policy for calls that compute in this process.</summary>
    public const string Verification = "verification";

    private const int ReplenishmentsPerMinute = 60;

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) => new ValueTask(RejectAsync(context));
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => LimitCalls(context, limits.Value.RequestsPerMinute));
            limiter.AddPolicy(Verification, context => LimitVerifications(context, limits.Value.VerificationsAtOnce));
        });
    }

    // Only calls of the Api count: probes, pages and files do not.
    private static RateLimitPartition<string> LimitCalls(HttpContext context, int perMinute) => perMinute == 0 || !context.Request.Path.StartsWithSegments("/api")
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(ClientAccount.Of(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / ReplenishmentsPerMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Min(ReplenishmentsPerMinute, perMinute)),
        });

    private static RateLimitPartition<string> LimitVerifications(HttpContext context, int atOnce) => atOnce == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetConcurrencyLimiter(ClientAccount.Of(context), _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce });

    private static Task RejectAsync(OnRejectedContext rejected)
    {
        RateLimitOptions limits = rejected.HttpContext.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        // Only the limiter of calls knows when the next one is possible.
        return (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retryAfter)
            ? Problems.TooMany(rejected.HttpContext, retryAfter, $"The limit per client is {limits.RequestsPerMinute} calls per minute.")
            : Problems.TooMany(rejected.HttpContext, TimeSpan.FromSeconds(1), $"The limit per client is {limits.VerificationsAtOnce} concurrent calls of verify."))
            .ExecuteAsync(rejected.HttpContext);
    }
}
