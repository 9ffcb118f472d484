namespace PrimeSystem.Api.Verification;

/// <summary>The verdicts, in the order of the numbers.</summary>
public sealed record VerifyAnswer(IReadOnlyList<Verdict> Results);
