using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>Waits until requests end. Streams implement it, by what they watch requests with.</summary>
internal interface IRequestWaiter
{
    /// <summary>Waits until a request has ended, the time is over, or the process stops.</summary>
    /// <param name="request">The request as it was just read.</param>
    /// <param name="atMost">The longest wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The request as it is then; null when it was deleted.</returns>
    Task<PrimeRequest?> WaitForEndAsync(PrimeRequest request, TimeSpan atMost, CancellationToken cancellationToken);
}
