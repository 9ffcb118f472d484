using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>What goes to and comes from a server as JSON, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NewRequest))]
[JsonSerializable(typeof(AcceptedRequest))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ServerJson : JsonSerializerContext;
