using System.ComponentModel;

namespace PrimeSystem.Api.Requests;

// Both are required. They are nullable so that the one validator says what is missing.
/// <summary>What a client asks for.</summary>
/// <param name="Quantity">How many primes.</param>
/// <param name="Digits">How many decimal digits each has.</param>
public sealed record NewRequest(
    [property: Description("How many distinct primes.")] int? Quantity,
    [property: Description("Decimal digits of each prime.")] int? Digits);
