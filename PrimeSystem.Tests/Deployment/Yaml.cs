using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PrimeSystem.Tests.Deployment;

/// <summary>YAML as the JSON that it stands for, by the core schema, with anchors and merge keys resolved.</summary>
internal static class Yaml
{
    public static JsonObject ReadFile(string path) => Assert.Single(Read(File.ReadAllText(path)));

    public static IReadOnlyList<JsonObject> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => ToJson(document.RootNode)!.AsObject())];
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => ToJson(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonObject ToJson(YamlMappingNode mapping)
    {
        var json = new JsonObject();
        foreach ((YamlNode key, YamlNode value) in mapping.Children.OrderBy(entry => entry.Key.ToString() != "<<"))
        {
            if (key.ToString() != "<<")
            {
                json[key.ToString()] = ToJson(value);
                continue;
            }
            foreach ((string name, JsonNode? inherited) in ToJson((YamlMappingNode)value))
                json[name] = inherited?.DeepClone();
        }
        return json;
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) => integer,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => text,
    };
}
