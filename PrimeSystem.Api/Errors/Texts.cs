using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrimeSystem.Api.Errors;

/// <summary>Reads an array of strings. An element that is not a string is read as null, which the check reports with its index; so is another value instead of the array.</summary>
internal sealed class Texts : JsonConverter<IReadOnlyList<string?>>
{
    public override IReadOnlyList<string?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.TrySkip();
            return null;
        }
        var texts = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(Text(ref reader));
            reader.TrySkip();
        }
        return texts;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string?> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string? text in value)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
