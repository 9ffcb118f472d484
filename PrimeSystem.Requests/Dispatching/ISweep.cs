using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Dispatching;

/// <summary>A duty that recurs, at its own pace.</summary>
internal interface ISweep
{
    SweepDuty Duty { get; }

    /// <summary>The time between two sweeps.</summary>
    TimeSpan Every { get; }

    /// <summary>Carries out the duty.</summary>
    Task SweepAsync(CancellationToken cancellationToken);
}
