namespace PrimeSystem.Api.Results;

/// <summary>The contract's shape of a result, for its description; <see cref="ResultStream"/> writes it without holding it.</summary>
/// <param name="RequestId">The id.</param>
/// <param name="Quantity">Primes asked for.</param>
/// <param name="GeneratedCount">Primes there are.</param>
/// <param name="Status">pending, processing, completed, failed or cancelled.</param>
/// <param name="PrimeNumbers">Primes as decimal strings, in the order in which they were stored: what was at an offset stays there.</param>
internal sealed record ResultShape(Guid RequestId, int Quantity, int GeneratedCount, string Status, IReadOnlyList<string> PrimeNumbers);
