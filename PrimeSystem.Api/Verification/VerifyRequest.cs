using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Verification;

/// <summary>The numbers to test.</summary>
/// <param name="Numbers">Decimal strings without sign or leading zeros.</param>
public sealed record VerifyRequest(IReadOnlyList<string?>? Numbers) : ICheckedInput
{
    Dictionary<string, string[]> ICheckedInput.Check(FieldRules rules) => rules.CheckNumbers(Numbers);
}
