using Microsoft.Extensions.Configuration;

namespace PrimeSystem.AppHost.Extras;

/// <summary>Parts that the system can do without; each is off until configuration asks for it: <c>--Extras:Redis=true</c>.</summary>
internal static class Extra
{
    /// <summary>A cache that the processes share.</summary>
    public const string Redis = "Redis";

    /// <summary>An identity provider, and an api that demands its tokens.</summary>
    public const string Keycloak = "Keycloak";

    /// <summary>Prometheus and Grafana, with the project's alerts and dashboards.</summary>
    public const string Monitoring = "Monitoring";

    /// <summary>Whether an extra is asked for.</summary>
    public static bool Wants(this IDistributedApplicationBuilder builder, string extra) => builder.Configuration.GetValue<bool>($"Extras:{extra}");
}
