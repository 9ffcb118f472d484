using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>The answer when a request was accepted.</summary>
internal sealed record AcceptedRequest([property: JsonRequired] Guid RequestId);
