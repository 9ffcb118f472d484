namespace PrimeSystem.AppHost;

/// <summary>Generated passwords: nobody has to choose one, and none stands in the project.</summary>
internal static class Credentials
{
    /// <summary>
    /// Adds a generated secret. It is kept in the developer's user secrets, because the data volumes outlive a run and open only with the password they were
    /// made with. Letters and digits only: the broker's goes into a URI as it is.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 24, Special = false }, secret: true, persist: true);
}
