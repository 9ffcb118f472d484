namespace PrimeSystem.Api;

/// <summary>Settings that are lists: an array in a file, or one value with commas, which environment variables are easier with.</summary>
internal static class ConfigurationLists
{
    public static string[] List(this IConfiguration configuration, string key)
    {
        IConfigurationSection section = configuration.GetSection(key);
        IEnumerable<string> values = section.Value is { } one ? [one] : section.GetChildren().Select(child => child.Value ?? "");
        return [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
    }
}
