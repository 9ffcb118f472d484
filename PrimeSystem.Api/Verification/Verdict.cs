namespace PrimeSystem.Api.Verification;

/// <summary>Whether a number is prime, and how certain that is.</summary>
/// <param name="Number">The number as it was sent.</param>
/// <param name="IsPrime">Whether it is prime.</param>
/// <param name="Exact">Whether the verdict is certain: it is for every composite number, and for every number of up to 24 digits.</param>
/// <param name="Rounds">The Miller–Rabin rounds with random bases that the number passed; 0 when the verdict is exact. A composite number passes r
/// rounds with a probability below 4⁻ʳ.</param>
public sealed record Verdict(string Number, bool IsPrime, bool Exact, int Rounds);
