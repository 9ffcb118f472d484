using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>The JSON that is exchanged with a server, serialised by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NewRequest))]
[JsonSerializable(typeof(AcceptedRequest))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(RequestPage))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ServerJson : JsonSerializerContext;
