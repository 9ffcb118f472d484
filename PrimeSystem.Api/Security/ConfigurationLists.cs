namespace PrimeSystem.Api.Security;

/// <summary>Reads settings that are lists: an array, or one value with commas, which is easier in an environment variable.</summary>
internal static class ConfigurationLists
{
    public static string[] List(this IConfiguration configuration, string key)
    {
        IConfigurationSection section = configuration.GetSection(key);
        IEnumerable<string> values = section.Value is { } one ? [one] : section.GetChildren().Select(child => child.Value ?? "");
        return [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
    }
}
