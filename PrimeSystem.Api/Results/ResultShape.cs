namespace PrimeSystem.Api.Results;

/// <summary>The contract's JSON of a result, for the OpenAPI document. <see cref="ResultStream"/> writes it without holding it in memory.</summary>
/// <param name="RequestId">The id.</param>
/// <param name="Quantity">The number of primes requested.</param>
/// <param name="GeneratedCount">The number of primes found so far.</param>
/// <param name="Status">pending, processing, completed, failed or cancelled.</param>
/// <param name="PrimeNumbers">The primes as decimal strings, in the order in which they were stored. The prime at an offset never changes.</param>
internal sealed record ResultShape(Guid RequestId, int Quantity, int GeneratedCount, string Status, IReadOnlyList<string> PrimeNumbers);
