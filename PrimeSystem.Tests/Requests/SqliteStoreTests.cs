using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage.Sqlite;

namespace PrimeSystem.Tests.Requests;

/// <summary>The store on SQLite.</summary>
public sealed class SqliteStoreTests : StoreTests
{
    internal override Task<StoreUnderTest> OpenAsync() => OpenStoreAsync();

    /// <summary>An empty store in a temporary folder.</summary>
    internal static Task<StoreUnderTest> OpenStoreAsync()
    {
        string folder = Directory.CreateTempSubdirectory("primes-store-").FullName;
        var database = new SqliteDatabase(Options.Create(new DataOptions { Folder = folder }), NullLogger<SqliteDatabase>.Instance);
        return StoreUnderTest.OpenAsync(database, async () =>
        {
            await database.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process_at_a_time()
    {
        string folder = Directory.CreateTempSubdirectory("primes-store-").FullName;
        IOptions<DataOptions> options = Options.Create(new DataOptions { Folder = folder });
        var first = new SqliteDatabase(options, NullLogger<SqliteDatabase>.Instance);

        var error = Assert.Throws<InvalidOperationException>(() => new SqliteDatabase(options, NullLogger<SqliteDatabase>.Instance));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await new SqliteDatabase(options, NullLogger<SqliteDatabase>.Instance).DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
