namespace PrimeSystem.Cli.Output;

/// <summary>How primes are written; the formats of the service.</summary>
internal enum OutputFormat
{
    /// <summary>One prime a line.</summary>
    Txt,

    /// <summary>One document, as <c>GET /api/result/{id}</c> answers.</summary>
    Json,

    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>A header, then position and prime.</summary>
    Csv,
}
