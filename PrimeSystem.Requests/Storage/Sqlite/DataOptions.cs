using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Storage.Sqlite;

/// <summary>The data of the standalone system. Configuration section <c>Data</c>.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>The folder of the database file. It is created if it does not exist.</summary>
    [Required]
    public string Folder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "PrimeSystem");
}
