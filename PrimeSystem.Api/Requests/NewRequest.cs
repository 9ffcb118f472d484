using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Requests;

// Both fields are required. They are nullable so that the check reports what is missing.
/// <summary>A new request for primes.</summary>
/// <param name="Quantity">The number of primes.</param>
/// <param name="Digits">The number of decimal digits of each prime.</param>
public sealed record NewRequest(
    [property: Description("The number of distinct primes."), JsonConverter(typeof(WholeNumber))] int? Quantity,
    [property: Description("The number of decimal digits of each prime."), JsonConverter(typeof(WholeNumber))] int? Digits) : ICheckedInput
{
    /// <summary>Members that the contract does not know. They are refused, since a misspelt one would otherwise be ignored.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    Dictionary<string, string[]> ICheckedInput.Check(FieldRules rules) =>
        new([.. rules.CheckRequest(Quantity, Digits), .. FieldRules.CheckUnknown(Unknown?.Keys, "quantity", "digits")]);
}
