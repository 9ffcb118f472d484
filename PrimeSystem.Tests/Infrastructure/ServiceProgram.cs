using System.Reflection;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Where the services lie as they were built; the project file notes it (<c>Services.targets</c>).</summary>
internal static class ServiceProgram
{
    /// <summary>The path of a service's program.</summary>
    /// <param name="service"><c>Api</c> or <c>Worker</c>.</param>
    public static string PathOf(string service) => typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == $"PrimeSystem.{service}").Value!;
}
