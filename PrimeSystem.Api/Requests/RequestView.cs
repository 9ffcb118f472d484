using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>Where a request stands. Names and order are the contract.</summary>
/// <param name="RequestId">The id.</param>
/// <param name="Quantity">Primes asked for.</param>
/// <param name="Digits">Decimal digits of each.</param>
/// <param name="GeneratedCount">Primes there are.</param>
/// <param name="Status">pending, processing, completed, failed or cancelled.</param>
/// <param name="ProgressPercentage">0 to 100, two decimals.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Failure">Why it failed; absent otherwise.</param>
public sealed record RequestView(
    Guid RequestId, int Quantity, int Digits, int GeneratedCount, string Status, double ProgressPercentage, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, string? Failure = null)
{
    public static RequestView Of(PrimeRequest request) => new(
        request.Id, request.Quantity, request.Digits, request.GeneratedCount, request.Status.Name(), request.ProgressPercentage, request.CreatedAt,
        request.UpdatedAt, request.Failure);
}
