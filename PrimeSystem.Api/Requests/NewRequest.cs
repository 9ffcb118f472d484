using System.ComponentModel;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Requests;

// Both fields are required. They are nullable so that the check reports what is missing.
/// <summary>A new request for primes.</summary>
/// <param name="Quantity">The number of primes.</param>
/// <param name="Digits">The number of decimal digits of each prime.</param>
public sealed record NewRequest(
    [property: Description("The number of distinct primes.")] int? Quantity,
    [property: Description("The number of decimal digits of each prime.")] int? Digits) : ICheckedInput
{
    Dictionary<string, string[]> ICheckedInput.Check(FieldRules rules) => rules.CheckRequest(Quantity, Digits);
}
