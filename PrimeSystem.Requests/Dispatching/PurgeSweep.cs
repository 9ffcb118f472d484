using Microsoft.Extensions.Options;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>Deletes what purged requests hold, in chunks, and so carries on a purge that was interrupted.</summary>
internal sealed class PurgeSweep(IRequestStore store, IOptions<FlowOptions> options) : ISweep
{
    /// <summary>Chunks that one sweep deletes, so that no connection is held for long.</summary>
    private const int MaxChunks = 50;

    public SweepDuty Duty => SweepDuty.Purge;

    public TimeSpan Every => options.Value.SweepEvery;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        for (int chunk = 0; chunk < MaxChunks && await store.DeletePurgedAsync(cancellationToken); chunk++)
        {
        }
    }
}
