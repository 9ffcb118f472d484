namespace PrimeSystem.AppHost.Extras;

/// <summary>Redis as the cache that the api's processes share. What it holds may be lost, so it has no volume.</summary>
internal static class RedisExtra
{
    /// <summary>Name of the resource, and of the connection string that the api reads.</summary>
    public const string Name = "cache";

    public static void WithRedis(this IResourceBuilder<ProjectResource> api)
    {
        IResourceBuilder<RedisResource> redis = api.ApplicationBuilder.AddRedis(Name).WithoutHttpsCertificate();
        api.WithReference(redis).WaitFor(redis);
    }
}
