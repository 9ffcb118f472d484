using System.Runtime.CompilerServices;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>
/// Running servers, named by the services' own connection strings in the environment of the tests. They are taken out of it before anything else runs: the
/// services that tests host in their own process read it too, and most of those are to be standalone.
/// </summary>
internal static class NamedServers
{
    public static string? Postgres { get; private set; }

    public static string? RabbitMq { get; private set; }

    [ModuleInitializer]
    internal static void TakeFromEnvironment()
    {
        Postgres = Take("ConnectionStrings__primes");
        RabbitMq = Take("ConnectionStrings__messaging");
    }

    private static string? Take(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
