using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Processing;

/// <summary>
/// Where workers tell that they are there. Every method throws <see cref="StoreUnavailableException"/> while the database cannot be reached.
/// </summary>
public interface IWorkerRegistry
{
    /// <summary>Notes the state of a worker in place of its last one.</summary>
    Task ReportAsync(WorkerState worker, CancellationToken cancellationToken);

    /// <summary>Takes a worker out that ends in good order.</summary>
    Task RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The workers that told of themselves within the last six seconds, by name.</summary>
    Task<IReadOnlyList<WorkerState>> ListAsync(CancellationToken cancellationToken);
}
