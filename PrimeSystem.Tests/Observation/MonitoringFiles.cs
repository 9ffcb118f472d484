using System.Text.Json;

namespace PrimeSystem.Tests.Observation;

/// <summary>The files in <c>monitoring/</c>.</summary>
internal static class MonitoringFiles
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring");

    public static string Alerts => Path.Combine(Folder, "alerts.yml");

    /// <summary>The dashboard's panels, without the rows that group them.</summary>
    public static IReadOnlyList<JsonElement> Panels()
    {
        JsonElement dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "dashboards", "primesystem.json"))).RootElement;
        return [.. dashboard.GetProperty("panels").EnumerateArray()];
    }

    /// <summary>The dashboard's queries, with Grafana's variables replaced, by the titles of their panels.</summary>
    public static IReadOnlyList<(string Panel, string Query)> Queries(string rateInterval) =>
        [
            .. from panel in Panels()
               where panel.GetProperty("type").GetString() != "row"
               from target in panel.GetProperty("targets").EnumerateArray()
               select (panel.GetProperty("title").GetString()!,
                   target.GetProperty("expr").GetString()!.Replace("$__rate_interval", rateInterval, StringComparison.Ordinal)),
        ];
}
