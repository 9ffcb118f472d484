using System.Text.Json;
using System.Text.Json.Serialization;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Verification;

/// <summary>The numbers to test.</summary>
/// <param name="Numbers">Decimal strings without sign or leading zeros.</param>
public sealed record VerifyRequest([property: JsonConverter(typeof(Texts))] IReadOnlyList<string?>? Numbers) : ICheckedInput
{
    /// <summary>Members that the contract does not know. They are refused.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    Dictionary<string, string[]> ICheckedInput.Check(FieldRules rules) =>
        new([.. rules.CheckNumbers(Numbers), .. FieldRules.CheckUnknown(Unknown?.Keys, "numbers")]);
}
