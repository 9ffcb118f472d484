using System.Text.Json.Serialization;
using PrimeSystem.Api.Requests;

namespace PrimeSystem.Api.Streaming;

/// <summary>Serialises what events have in common with other answers, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestView))]
internal sealed partial class StreamJson : JsonSerializerContext;
