namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>Why an operation failed although nothing is wrong with its statement.</summary>
/// <param name="Reason">A sentence for users.</param>
/// <param name="EndedBy">The operation whose success proves that the outage is over; null if it takes one that demands as much as what failed.</param>
internal sealed record StoreFailure(string Reason, StoreDemand? EndedBy)
{
    public static StoreFailure Unreachable { get; } = new("The database cannot be reached.", StoreDemand.Answer);

    public static StoreFailure TooManyConnections { get; } = new("The database accepts no more connections.", StoreDemand.Answer);

    public static StoreFailure ReadOnly { get; } = new("The database cannot be written to: it is read-only.", StoreDemand.Writable);

    public static StoreFailure DiskFull { get; } = new("The database cannot be written to: the disk is full.", EndedBy: null);
}
