namespace PrimeSystem.Requests.Storage;

/// <summary>Work as the time in which a budget gains it: the generic cell rate algorithm then needs a single number for each account.</summary>
/// <param name="Account">Who pays.</param>
/// <param name="Cost">Ticks in which the budget gains the work; at most <paramref name="Burst"/>.</param>
/// <param name="Burst">Ticks in which an empty budget becomes full.</param>
public sealed record WorkCharge(string Account, long Cost, long Burst);
