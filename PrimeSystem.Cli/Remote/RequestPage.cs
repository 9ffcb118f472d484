using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>The latest requests on the server.</summary>
internal sealed record RequestPage([property: JsonRequired] IReadOnlyList<RequestView> Requests);
