using System.Reflection;
using DbUp.Builder;
using DbUp.Engine;
using Microsoft.Extensions.Logging;

namespace PrimeSystem.Requests.Storage.Schema;

/// <summary>
/// The scripts that migrate the schema: numbered SQL files in a folder for each database, which DbUp runs in order and records by name.
/// A released script is never edited. A change first expands the schema; a later release contracts it.
/// </summary>
internal static partial class MigrationScripts
{
    /// <summary>The scripts of a dialect, in order.</summary>
    public static IEnumerable<SqlScript> For(string dialect)
    {
        Assembly assembly = typeof(MigrationScripts).Assembly;
        string prefix = $"{typeof(MigrationScripts).Namespace}.{dialect}.";
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new SqlScript(name[prefix.Length..], reader.ReadToEnd());
        }
    }

    /// <summary>Runs the scripts that are missing. The caller holds the lock that keeps other processes away.</summary>
    public static void Run(UpgradeEngineBuilder builder, ILogger log)
    {
        DatabaseUpgradeResult result = builder.WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        if (!result.Successful)
            throw result.Error;
        foreach (SqlScript script in result.Scripts)
            LogStep(log, script.Name);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Schema migrated by {Script}")]
    private static partial void LogStep(ILogger log, string script);
}
