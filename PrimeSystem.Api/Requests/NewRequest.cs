using System.ComponentModel;

namespace PrimeSystem.Api.Requests;

/// <summary>What a client asks for. Both are required; they are nullable so that the one validator says what is missing.</summary>
/// <param name="Quantity">How many primes.</param>
/// <param name="Digits">How many decimal digits each has.</param>
public sealed record NewRequest(
    [property: Description("How many distinct primes: 1 to 1,000,000, unless configured otherwise.")] int? Quantity,
    [property: Description("Decimal digits of each prime: 12 to 10,000, unless configured otherwise.")] int? Digits);
