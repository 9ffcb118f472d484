using PrimeSystem.ServiceDefaults;

namespace PrimeSystem.Api.Requests;

/// <summary>Registers the cache of completed requests: in this process, and in Redis where the connection string <c>cache</c> names one.</summary>
internal static class RequestCache
{
    /// <summary>The name of Redis' connection string.</summary>
    public const string ConnectionName = "cache";

    public static void AddRequestCache(this WebApplicationBuilder builder)
    {
        builder.AddSharedCache(ConnectionName);
        builder.Services.AddHybridCache();
        builder.Services.AddSingleton<CompletedRequests>();
        builder.Services.AddSingleton<RequestAccess>();
    }
}
