namespace PrimeSystem.Api.Verification;

/// <summary>The verdicts, in the order of the numbers.</summary>
public sealed record VerifyAnswer(IReadOnlyList<Verdict> Results);

/// <summary>Whether a number is prime, and how sure that is.</summary>
/// <param name="Number">The number as it was sent.</param>
/// <param name="IsPrime">Whether it is prime.</param>
/// <param name="Exact">Whether the verdict is certain: always for a composite number, and for any number below 2⁶⁴.</param>
/// <param name="Rounds">Miller–Rabin rounds with random bases that the number passed; a composite passes r of them with probability below 4⁻ʳ.
/// 0 where the verdict is exact.</param>
public sealed record Verdict(string Number, bool IsPrime, bool Exact, int Rounds);
