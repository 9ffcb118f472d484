namespace PrimeSystem.Requests.Storage.Schema;

/// <summary>Migrations of the schema. Configuration section <c>Migrations</c>.</summary>
public sealed class MigrationOptions
{
    public const string Section = "Migrations";

    /// <summary>Whether a process migrates the schema when it starts. If not, it waits until the schema fits.</summary>
    public bool AtStartup { get; set; } = true;

    /// <summary>The connection string of the owner of the schema; the connection string <c>primes</c> when empty.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The role of the service, if it is not the owner. It must exist; a migration grants it access to the data only.</summary>
    public string? ServiceRole { get; set; }
}
