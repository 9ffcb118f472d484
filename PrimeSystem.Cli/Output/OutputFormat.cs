namespace PrimeSystem.Cli.Output;

/// <summary>The output formats, which are those of the API.</summary>
internal enum OutputFormat
{
    /// <summary>One prime per line.</summary>
    Txt,

    /// <summary>One document, like the answer of <c>GET /api/result/{id}</c>.</summary>
    Json,

    /// <summary>One JSON object per line.</summary>
    Ndjson,

    /// <summary>A header, then position and prime.</summary>
    Csv,
}
