using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>The status of a request. Names and order of the members are the contract.</summary>
/// <param name="RequestId">The id.</param>
/// <param name="Quantity">The number of primes requested.</param>
/// <param name="Digits">The number of decimal digits of each prime.</param>
/// <param name="GeneratedCount">The number of primes found so far.</param>
/// <param name="Status">pending, processing, completed, failed or cancelled.</param>
/// <param name="ProgressPercentage">0 to 100, two decimals.</param>
/// <param name="CreatedAt">When the request was accepted.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Failure">Why the request failed; absent otherwise.</param>
public sealed record RequestView(
    Guid RequestId, int Quantity, int Digits, int GeneratedCount, string Status, double ProgressPercentage, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, string? Failure = null)
{
    public static RequestView Of(PrimeRequest request) => new(
        request.Id, request.Quantity, request.Digits, request.GeneratedCount, request.Status.Name(), request.ProgressPercentage, request.CreatedAt,
        request.UpdatedAt, request.Failure);
}
