using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// The workers that are present, as they report themselves. Every method throws <see cref="StoreUnavailableException"/> while the database cannot be reached.
/// </summary>
public interface IWorkerRegistry
{
    /// <summary>Records the state of a worker in place of its last one.</summary>
    Task ReportAsync(WorkerState worker, CancellationToken cancellationToken);

    /// <summary>Removes a worker that shuts down.</summary>
    Task RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The workers that reported within the last six seconds, by name.</summary>
    Task<IReadOnlyList<WorkerState>> ListAsync(CancellationToken cancellationToken);
}
