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

    /// <summary>The format that a client prefers by its <c>Accept</c> header, or null where it accepts none.</summary>
    public static ResultFormat? For(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
            return Json;
        return accepted
            .Where(range => range.Quality is not 0)
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => All.FirstOrDefault(format => new MediaTypeHeaderValue(format.MediaType).IsSubsetOf(range)))
            .FirstOrDefault(format => format is not null);
    }
}
