using Microsoft.Net.Http.Headers;

namespace PrimeSystem.Api;

/// <summary>Content negotiation by the <c>Accept</c> header (RFC 9110, section 12.5.1).</summary>
internal static class ContentNegotiation
{
    /// <summary>
    /// The media type that the client prefers. For each type the most specific range that matches it counts; where the client has no preference, the
    /// first one wins. Null when it accepts none.
    /// </summary>
    public static string? PreferredMediaType(this HttpRequest request, params IEnumerable<string> offered)
    {
        IList<MediaTypeHeaderValue> ranges = request.GetTypedHeaders().Accept;
        if (ranges.Count == 0)
            return offered.First();
        return offered
            .Select(type => (Type: type, Range: MostSpecific(ranges, new MediaTypeHeaderValue(type))))
            .Where(match => match.Range is not null && match.Range.Quality is not 0)
            .OrderByDescending(match => match.Range!.Quality ?? 1)
            .ThenBy(match => ranges.IndexOf(match.Range!))
            .Select(match => match.Type)
            .FirstOrDefault();
    }

    // Parameters such as charset are ignored: whatever the Api sends as text is UTF-8.
    private static MediaTypeHeaderValue? MostSpecific(IEnumerable<MediaTypeHeaderValue> ranges, MediaTypeHeaderValue type) => ranges
        .Where(range => type.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)))
        .MinBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0);
}
