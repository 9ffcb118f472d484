using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrimeSystem.Api.Errors;

/// <summary>
/// Reads whole numbers as JSON Schema defines integers: 5, 5.0 and 5e0 are the same. Anything else is read as <see cref="Invalid"/>, which no field permits,
/// so that the check of the fields sees all of them and reports every error at once.
/// </summary>
internal sealed class WholeNumber : JsonConverter<int?>
{
    /// <summary>What was not a whole number.</summary>
    public const int Invalid = int.MinValue;

    public override bool HandleNull => true;

    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDecimal(out decimal number) && decimal.IsInteger(number) && Math.Abs(number) <= int.MaxValue ? (int)number : Invalid;
        reader.TrySkip();
        return Invalid;
    }

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } number)
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }
}
