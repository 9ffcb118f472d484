using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Storage.Sqlite;

/// <summary>Where the standalone system keeps its data. Configuration section <c>Data</c>.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>The folder of the database file; made when missing.</summary>
    [Required]
    public string Folder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "PrimeSystem");
}
