using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api.Results;

/// <summary>A representation of a result: how it begins, how each prime is written, how it ends.</summary>
internal sealed record ResultFormat(string Name, string MediaType)
{
    public static readonly ResultFormat Json = new("json", "application/json");
    public static readonly ResultFormat Text = new("txt", "text/plain");
    public static readonly ResultFormat Lines = new("ndjson", "application/x-ndjson");
    public static readonly ResultFormat Csv = new("csv", "text/csv");

    /// <summary>All of them; the first is the contract's, and the default.</summary>
    public static readonly IReadOnlyList<ResultFormat> All = [Json, Text, Lines, Csv];

    /// <summary>
    /// The format that a client prefers by its <c>Accept</c> header (RFC 9110, section 12.5.1): for each format the most specific range that matches it
    /// counts. Null where it accepts none.
    /// </summary>
    public static ResultFormat? For(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> ranges = request.GetTypedHeaders().Accept;
        if (ranges.Count == 0)
            return Json;
        return All
            .Select(format => (Format: format, Range: ranges.Where(format.Matches).MinBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)))
            .Where(match => match.Range is not null && match.Range.Quality is not 0)
            .OrderByDescending(match => match.Range!.Quality ?? 1)
            .ThenBy(match => ranges.IndexOf(match.Range!))
            .Select(match => match.Format)
            .FirstOrDefault();
    }

    // Parameters such as charset do not matter: every format is UTF-8.
    private bool Matches(MediaTypeHeaderValue range) => range.MatchesAllTypes
        || (range.MatchesAllSubTypes && MediaType.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase))
        || range.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);
}
