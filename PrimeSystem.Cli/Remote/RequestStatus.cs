namespace PrimeSystem.Cli.Remote;

/// <summary>The statuses of a request, by which a server lists them.</summary>
internal enum RequestStatus
{
    Pending,
    Processing,
    Completed,
    Failed,
    Cancelled,
}
