namespace PrimeSystem.Requests.Storage.Schema;

/// <summary>How the schema comes to be. Configuration section <c>Migrations</c>.</summary>
public sealed class MigrationOptions
{
    public const string Section = "Migrations";

    /// <summary>Whether a process migrates when it starts; otherwise it waits until the schema fits.</summary>
    public bool AtStartup { get; set; } = true;

    /// <summary>Connects as the owner of the schema; the connection string <c>primes</c> when empty.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The role of the service, when it is not the owner's: a migration grants it the data, and no more. It must exist.</summary>
    public string? ServiceRole { get; set; }
}
