namespace PrimeSystem.Requests.Storage;

/// <summary>A charge to a budget, in the time in which the budget gains it back. So the generic cell rate algorithm needs a single number for each account.</summary>
/// <param name="Account">The account that pays.</param>
/// <param name="Cost">Ticks in which the budget gains the work; at most <paramref name="Burst"/>.</param>
/// <param name="Burst">Ticks in which an empty budget becomes full.</param>
public sealed record WorkCharge(string Account, long Cost, long Burst);
