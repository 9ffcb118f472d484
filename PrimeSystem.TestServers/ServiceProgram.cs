using System.Reflection;

namespace PrimeSystem.TestServers;

/// <summary>Where our own programs lie as they were built. The project file notes it.</summary>
public static class ServiceProgram
{
    /// <summary>The path of a program.</summary>
    /// <param name="assembly">The name of its assembly, such as <c>PrimeSystem.Api</c>.</param>
    public static string PathOf(string assembly) => typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == assembly).Value!;
}
