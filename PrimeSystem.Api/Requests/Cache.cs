using PrimeSystem.ServiceDefaults;

namespace PrimeSystem.Api.Requests;

/// <summary>A cache in this process, and one that the processes share where the connection string <c>cache</c> names a Redis.</summary>
internal static class Cache
{
    /// <summary>Name of the connection string of Redis.</summary>
    public const string ConnectionName = "cache";

    public static void AddCache(this WebApplicationBuilder builder)
    {
        builder.AddSharedCache(ConnectionName);
        builder.Services.AddHybridCache();
        builder.Services.AddSingleton<CompletedRequests>();
        builder.Services.AddSingleton<RequestAccess>();
    }
}
