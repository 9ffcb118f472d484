using System.Text.Json.Serialization;

namespace PrimeSystem.Cli.Remote;

/// <summary>The answer to a request that was accepted.</summary>
internal sealed record AcceptedRequest([property: JsonRequired] Guid RequestId);
