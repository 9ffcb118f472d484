namespace PrimeSystem.Api.Errors;

/// <summary>Input of several fields, which <see cref="ArgumentCheck"/> checks before the handler runs.</summary>
internal interface ICheckedInput
{
    /// <summary>Checks the fields.</summary>
    /// <returns>The errors by field; empty when there are none.</returns>
    Dictionary<string, string[]> Check(FieldRules rules);
}
