namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>What an operation demands of the database, from the least to the most. What meets a demand meets those below it.</summary>
internal enum StoreDemand
{
    /// <summary>The database answers.</summary>
    Answer,

    /// <summary>The database says that it can be written to.</summary>
    Writable,

    /// <summary>A few rows are stored.</summary>
    Rows,

    /// <summary>The primes of a batch are stored.</summary>
    Batch,
}
