using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests.Hosting;

namespace PrimeSystem.Api.Access;

/// <summary>How often each client may ask, counted by each process; how much work, the database counts (<see cref="PrimeSystem.Requests.Accepting.WorkBudget"/>).</summary>
internal static class RateLimits
{
    /// <summary>The policy of what computes in this process.</summary>
    public const string Verification = "verification";

    private const int DefaultRequestsPerMinute = 3_000;
    private const int DefaultVerificationsAtOnce = 2;

    /// <summary>A bucket is filled up this many times in a minute.</summary>
    private const int FillsPerMinute = 60;

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        bool isStandalone = builder.Configuration.IsStandalone();
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(options =>
            {
                options.RequestsPerMinute ??= isStandalone ? 0 : DefaultRequestsPerMinute;
                options.VerificationsAtOnce ??= isStandalone ? 0 : DefaultVerificationsAtOnce;
            });
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) => new ValueTask(RejectAsync(context));
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RequestsOf(context, limits.Value.RequestsPerMinute!.Value));
            limiter.AddPolicy(Verification, context => VerificationsOf(context, limits.Value.VerificationsAtOnce!.Value));
        });
    }

    // Only what the contract offers is counted: probes, pages and files are not.
    private static RateLimitPartition<string> RequestsOf(HttpContext context, int perMinute) => perMinute == 0 || !context.Request.Path.StartsWithSegments("/api")
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(ClientAccount.Of(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / FillsPerMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Min(FillsPerMinute, perMinute)),
        });

    private static RateLimitPartition<string> VerificationsOf(HttpContext context, int atOnce) => atOnce == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetConcurrencyLimiter(ClientAccount.Of(context), _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce });

    private static Task RejectAsync(OnRejectedContext rejected)
    {
        TimeSpan retryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan time) ? time : TimeSpan.FromSeconds(1);
        RateLimitOptions limits = rejected.HttpContext.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        string detail = rejected.Lease is { } lease && lease.MetadataNames.Contains(MetadataName.RetryAfter.Name)
            ? string.Create(CultureInfo.InvariantCulture, $"A client may ask {limits.RequestsPerMinute} times in a minute.")
            : string.Create(CultureInfo.InvariantCulture, $"A client's numbers are verified in {limits.VerificationsAtOnce} calls at a time.");
        return Problems.TooMany(rejected.HttpContext, retryAfter, detail).ExecuteAsync(rejected.HttpContext);
    }
}
